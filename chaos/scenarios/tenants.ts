import { percentile } from '../../bench/world/percentile.ts';
import { createRecorderCalls, settingsAreKnown } from './recorder-calls.ts';
import { startRecordingTarget } from './recording-target.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import { startDelaysOf } from './start-delays.ts';

/** One tenant has far more due than can be delivered: how long does another one wait? */
export const tenants: Scenario = {
  summary: 'One tenant with 100,000 due tasks, another with one now and then: its start delay.',
  flags: {
    tasks: { default: 100_000, small: 20_000, meaning: 'due tasks of the big tenant' },
    seconds: { default: 20, small: 5, meaning: 'how long the small tenant submits, five times a second' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

/** The promise, of the small tenant's p95. */
const WITHIN_MS = 1000;
const EVERY_MS = 200;
/** Slow enough for the backlog to outlast the small tenant's tasks. */
const ANSWER_AFTER_MS = 100;
const QUEUE = 'shared';

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const [recorder] = stage.cluster.recorders;
  const calls = createRecorderCalls(recorder?.url ?? '');
  const target = await startRecordingTarget(() => ({ afterMs: ANSWER_AFTER_MS }));
  const task = (flowKey: string) => ({ target: target.url(flowKey), queue: QUEUE, flowKey });
  try {
    await calls.pause(QUEUE);
    await settingsAreKnown();
    await calls.submit(Array.from({ length: flagOf(flags, 'tasks') }, () => task('big')));
    note('the backlog is recorded');
    await calls.resume(QUEUE);
    await settingsAreKnown();
    const delays = await startDelaysOf(calls, {
      seconds: flagOf(flags, 'seconds'),
      everyMs: EVERY_MS,
      targets: [target],
      name: 'small',
      task: { queue: QUEUE, flowKey: 'small' },
    });
    const delivered = target.arrivals.filter(({ name }) => name === 'big').length;
    return reportOf(delays, delivered, flagOf(flags, 'tasks') - delivered);
  } finally {
    // The rest of the backlog is of no interest, and would make the schedulers' end long.
    await calls.pause(QUEUE);
    await target.close();
  }
}

function reportOf(delays: readonly number[], delivered: number, left: number): ScenarioReport {
  const p95 = percentile(delays, 0.95);
  return {
    figures: {
      'tasks of the small tenant': delays.length,
      'start delay p50 (ms)': percentile(delays, 0.5),
      'start delay p95 (ms)': p95,
      'start delay max (ms)': percentile(delays, 1),
      'tasks of the big tenant delivered meanwhile': delivered,
      'tasks of the big tenant left in the end': left,
    },
    violations: violationsOf({
      [`p95 is ${WITHIN_MS} ms or more`]: !(p95 < WITHIN_MS),
      'the backlog was gone before the end': left <= 0,
    }),
  };
}
