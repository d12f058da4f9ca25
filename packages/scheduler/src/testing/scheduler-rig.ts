import { parseTargetPolicy } from '@dispatchr/lifecycle';
import type { SettledAttempt, TaskStore } from '@dispatchr/store';
import type { Clock } from '../clock.ts';
import type { SchedulerOptions } from '../options.ts';
import { createScheduler, type Scheduler } from '../scheduler.ts';
import { collectLog } from './collected-log.ts';
import { createFakeDeliverer } from './fake-deliverer.ts';
import { createFakeStore, type FakeStore } from './fake-store.ts';

/** A clock that a test moves. */
export type MovableClock = Clock & { advance(ms: number): Promise<void> };

/** A scheduler on fake time, store and deliverer. */
export interface SchedulerRig {
  readonly store: FakeStore;
  readonly log: ReturnType<typeof collectLog>;
  readonly deliverer: ReturnType<typeof createFakeDeliverer>;
  create(options?: Partial<SchedulerOptions>): Scheduler;
  /** Creates it, starts it, and lets the first round of claiming pass. */
  start(options?: Partial<SchedulerOptions>): Promise<Scheduler>;
  /** How often the store was called by this name. */
  callsOf(name: string): number;
  /** The outcomes of what was settled. */
  outcomes(): string[];
}

/** A rig on the given clock. */
export function createSchedulerRig(clock: MovableClock, kind: FakeStore['kind'] = 'postgres'): SchedulerRig {
  const store = createFakeStore(kind);
  const log = collectLog();
  const deliverer = createFakeDeliverer();
  const create = (options: Partial<SchedulerOptions> = {}): Scheduler =>
    createScheduler(
      {
        store: store as FakeStore & TaskStore,
        clock,
        random: () => 0.5,
        logger: log,
        schedulerId: 'scheduler-1',
        version: '1.0.0',
        targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: true }),
        ...options,
      },
      deliverer,
    );
  return {
    store,
    log,
    deliverer,
    create,
    async start(options) {
      const scheduler = create(options);
      await scheduler.start();
      await clock.advance(0);
      return scheduler;
    },
    callsOf: (name) => store.calls.filter((call) => call === name).length,
    outcomes: () => store.settled.map(({ attempt }: SettledAttempt) => attempt.outcome),
  };
}
