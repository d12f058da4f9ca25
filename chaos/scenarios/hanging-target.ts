import { percentile } from '../../bench/world/percentile.ts';
import { createRecorderCalls } from './recorder-calls.ts';
import { startRecordingTarget } from './recording-target.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import { startDelaysOf } from './start-delays.ts';

/** One target answers nothing any more: what do those of the others notice? */
export const hangingTarget: Scenario = {
  summary: 'A target hangs with 1,000 due tasks: the start delay of healthy targets with and without it.',
  flags: {
    tasks: {
      default: 1000,
      small: 1000,
      meaning: 'due tasks of the target that hangs; each times out after 30 s',
    },
    seconds: { default: 35, small: 10, meaning: 'length of each of the two parts' },
    rate: { default: 100, small: 100, meaning: 'tasks a second for the healthy targets' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

/** The promise: the healthy targets' p99, with the hanging one by without. */
const AT_MOST = 2;
const HEALTHY_TARGETS = 3;
const TIMEOUT_MS = 30_000;

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const [recorder] = stage.cluster.recorders;
  const calls = createRecorderCalls(recorder?.url ?? '');
  const hanging = await startRecordingTarget(() => ({ afterMs: Infinity }));
  const healthy = await Promise.all(
    Array.from({ length: HEALTHY_TARGETS }, () => startRecordingTarget(() => ({ afterMs: 5 }))),
  );
  const timed = {
    seconds: flagOf(flags, 'seconds'),
    everyMs: 1000 / flagOf(flags, 'rate'),
    targets: healthy,
  };
  try {
    // Connections and code paths of the first deliveries belong to neither part.
    await startDelaysOf(calls, { ...timed, seconds: 3, name: 'first' });
    const without = await startDelaysOf(calls, { ...timed, name: 'without' });
    note(`without: p99 ${percentile(without, 0.99)} ms`);
    const task = { target: hanging.url('hang'), timeoutMs: TIMEOUT_MS };
    await calls.submit(Array.from({ length: flagOf(flags, 'tasks') }, () => task));
    const beside = await startDelaysOf(calls, { ...timed, name: 'beside' });
    note(`beside: p99 ${percentile(beside, 0.99)} ms`);
    return reportOf(without, beside, hanging.arrivals.length);
  } finally {
    await Promise.all([hanging, ...healthy].map((target) => target.close()));
  }
}

function reportOf(without: readonly number[], beside: readonly number[], hung: number): ScenarioReport {
  const ratio = percentile(beside, 0.99) / percentile(without, 0.99);
  return {
    figures: {
      'tasks for healthy targets, each part': without.length,
      'without: start delay p50 (ms)': percentile(without, 0.5),
      'without: start delay p99 (ms)': percentile(without, 0.99),
      'beside: start delay p50 (ms)': percentile(beside, 0.5),
      'beside: start delay p99 (ms)': percentile(beside, 0.99),
      'beside: start delay max (ms)': percentile(beside, 1),
      'requests that hung': hung,
      'p99 beside by without': ratio.toFixed(2),
    },
    violations: violationsOf({
      [`the healthy targets' p99 is more than ${AT_MOST} times as long`]: !(ratio <= AT_MOST),
      'nothing hung': hung === 0,
    }),
  };
}
