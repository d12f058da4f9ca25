import { setTimeout as sleep } from 'node:timers/promises';
import { createRecorderCalls, type RecorderCalls, settingsAreKnown } from './recorder-calls.ts';
import { type RecordingTarget, startRecordingTarget } from './recording-target.ts';
import { type Scenario, type ScenarioReport, flagOf, violationsOf } from './scenario.ts';
import { onStage, type Stage } from './stage.ts';
import { until } from './until.ts';
import { worstExcess } from './worst-excess.ts';

/** A queue with every limit: what does its target see, undisturbed and while a scheduler is killed? */
export const limits: Scenario = {
  summary: 'Rate 100/s burst 10, 5 at a time, 2 a flow key: never exceeded, and used, also with a kill -9.',
  flags: {
    seconds: {
      default: 40,
      small: 10,
      meaning: 'length of each of the two parts; the kill is in the middle',
    },
    keys: { default: 8, small: 8, meaning: 'flow keys' },
  },
  run: (flags, note) => onStage((stage) => measure(stage, flags, note)),
};

const RATE = { perSecond: 100, burst: 10 };
const MAX_CONCURRENCY = 5;
const MAX_FLOW_CONCURRENCY = 2;
/** The promise: of the starts that the limits allow. */
const LEAST_USED = 0.9;
const BACKLOG_MARGIN = 1.3;
const GIVE_UP_AFTER_MS = 60_000;
/** Instants are sums of fractions. */
const ROUNDING = 1e-6;

/** What the target saw in one part. */
interface Seen {
  readonly excess: number;
  readonly inAll: number;
  readonly byKey: number;
  /** Starts by those that were allowed, 0 … 1. */
  readonly used: number;
}

async function measure(
  stage: Stage,
  flags: Readonly<Record<string, number>>,
  note: (text: string) => void,
): Promise<ScenarioReport> {
  const [recorder] = stage.cluster.recorders;
  const calls = createRecorderCalls(recorder?.url ?? '');
  const [seconds, keys] = [flagOf(flags, 'seconds'), flagOf(flags, 'keys')];
  const undisturbed = await play(calls, 'limited-1', { seconds, keys });
  note(`undisturbed: ${JSON.stringify(undisturbed)}`);
  const killed = await play(calls, 'limited-2', { seconds, keys, disturb: () => killOne(stage) });
  note(`with a kill: ${JSON.stringify(killed)}`);
  return {
    figures: { ...figuresOf('undisturbed', undisturbed), ...figuresOf('with a kill -9', killed) },
    violations: [...violationsIn('undisturbed', undisturbed), ...violationsIn('with a kill -9', killed)],
  };
}

async function play(
  calls: RecorderCalls,
  queue: string,
  part: { seconds: number; keys: number; disturb?: () => Promise<void> },
): Promise<Seen> {
  // A few milliseconds each, and not the same: what starts together does not end together.
  const target = await startRecordingTarget((name) => ({
    afterMs: 3 + ((name.length + name.charCodeAt(0)) % 10),
  }));
  try {
    await fill(calls, queue, target, part);
    await calls.resume(queue);
    await until('deliveries begin', () => target.arrivals.length > 0, GIVE_UP_AFTER_MS);
    await sleep(part.seconds * 500);
    await part.disturb?.();
    await sleep(part.seconds * 500);
    await calls.pause(queue);
    return seenBy(target, part.seconds);
  } finally {
    await target.close();
  }
}

/** Has the limits known before anything can start. */
async function fill(
  calls: RecorderCalls,
  queue: string,
  target: RecordingTarget,
  { seconds, keys }: { seconds: number; keys: number },
): Promise<void> {
  await calls.put(queue, {
    paused: true,
    rateLimit: RATE,
    maxConcurrency: MAX_CONCURRENCY,
    flowLimits: { maxConcurrency: MAX_FLOW_CONCURRENCY },
  });
  await settingsAreKnown();
  const count = Math.ceil(seconds * RATE.perSecond * BACKLOG_MARGIN);
  const tasks = Array.from({ length: count }, (_, index) => {
    const flowKey = `key-${index % keys}`;
    return { target: target.url(flowKey), queue, flowKey };
  });
  await calls.submit(tasks);
}

/** The whole window counts: what is not started in time is lost. */
function seenBy({ arrivals, most }: RecordingTarget, seconds: number): Seen {
  const atMs = arrivals.map((arrival) => arrival.atMs);
  const untilMs = (atMs[0] ?? 0) + seconds * 1000;
  const started = atMs.filter((at) => at <= untilMs).length;
  return {
    excess: worstExcess(atMs, RATE),
    inAll: most.inAll,
    byKey: most.byName,
    used: started / (RATE.burst + RATE.perSecond * seconds),
  };
}

async function killOne({ cluster }: Stage): Promise<void> {
  const [victim] = cluster.schedulers;
  await victim?.end('SIGKILL');
  // Not waited for: its start is no part of the disturbance.
  void victim?.start();
}

function figuresOf(part: string, { excess, inAll, byKey, used }: Seen): Record<string, number | string> {
  return {
    [`${part}: worst excess over the rate (starts)`]: Math.round(excess * 100) / 100,
    [`${part}: most in flight`]: inAll,
    [`${part}: most in flight of one flow key`]: byKey,
    [`${part}: starts by those allowed`]: used.toFixed(3),
  };
}

function violationsIn(part: string, { excess, inAll, byKey, used }: Seen): string[] {
  return violationsOf({
    [`${part}: the rate was exceeded`]: excess > ROUNDING,
    [`${part}: more than ${MAX_CONCURRENCY} were in flight`]: inAll > MAX_CONCURRENCY,
    [`${part}: more than ${MAX_FLOW_CONCURRENCY} of a flow key were in flight`]: byKey > MAX_FLOW_CONCURRENCY,
    [`${part}: less than ${LEAST_USED * 100} % of the allowed starts`]: used < LEAST_USED,
  });
}
