import { sleep, type Clock } from './clock.ts';
import { isDatabaseAway, type SchedulerStore } from './contact.ts';
import type { Logger } from './logger.ts';
import { reconnectDelayMs, type ReconnectSettings } from './reconnect-delay.ts';

/** What `createScheduleTicks` needs. */
export interface ScheduleTicksOptions extends ReconnectSettings {
  store: Pick<SchedulerStore, 'recordDueTicks'>;
  clock: Clock;
  random: () => number;
  logger: Logger;
}

/** Records the tasks of schedules as they tick. */
export interface ScheduleTicks {
  /** Records until `signal` aborts; resolves then, after what is under way, and never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

/** Milliseconds between two looks at most: a schedule that was put or resumed meanwhile is seen by then. */
export const LOOK_EVERY_MS = 2000;

/** The ticks of one scheduler; each scheduler sees to all schedules, and the database decides whose a tick is. */
export function createScheduleTicks({
  store,
  clock,
  random,
  logger,
  ...reconnect
}: ScheduleTicksOptions): ScheduleTicks {
  /** Told once, until the schedule ticks again. */
  let failing: ReadonlySet<string> = new Set();
  /** Looks in a row that failed. */
  let failures = 0;

  /** Answers with the milliseconds to wait before the next. */
  const look = async (): Promise<number> => {
    const startedMs = clock.monotonicMs();
    const report = await store.recordDueTicks();
    for (const { schedule, error } of report.failures)
      if (!failing.has(schedule)) logger.error({ schedule, err: error }, 'the schedule cannot tick');
    failing = new Set(report.failures.map(({ schedule }) => schedule));
    failures = 0;
    const tookMs = clock.monotonicMs() - startedMs;
    return Math.min(LOOK_EVERY_MS, Math.max(0, Math.ceil((report.nextInMs ?? Infinity) - tookMs)));
  };
  const recover = (err: unknown): number => {
    if (isDatabaseAway(err)) logger.debug({ err }, 'schedules wait for the database');
    else logger.error({ err }, 'the ticks of schedules could not be recorded');
    failures += 1;
    return reconnectDelayMs(failures - 1, reconnect, random);
  };

  return {
    async run(signal) {
      while (!signal.aborted) await sleep(clock, await look().catch(recover), signal);
    },
  };
}
