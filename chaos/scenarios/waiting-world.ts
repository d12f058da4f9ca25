import { type RecorderCalls, settingsAreKnown } from './recorder-calls.ts';
import { type RecordingTarget, startRecordingTarget } from './recording-target.ts';
import { FLOW_KEYS, type Situation } from './situations.ts';
import { until } from './until.ts';

/** Queues and targets in every situation that a task can be in, all of which last longer than the scenario. */
export interface WaitingWorld {
  /** Where a task in this situation goes to. */
  urlFor(situation: Situation): string;
  close(): Promise<void>;
}

type Targets = Readonly<Record<'healthy' | 'hanging' | 'held' | 'heldOrigin' | 'dead', RecordingTarget>>;

/** Longer than the scenario. */
const RETRY_AFTER = { 'retry-after': '1800' };
const TIMEOUT_MS = 1_800_000;
/** One start, and no other for a quarter of an hour. */
const SLOWEST_RATE = { perSecond: 0.001, burst: 1 };
/** Due before every task that is looked at, so that probes are made with these. */
const DEAD_TASKS = 300;
const IN_PLACE_WITHIN_MS = 60_000;

/** Sets all of it up, with running schedulers, and waits until it is so. */
export async function startWaitingWorld(calls: RecorderCalls): Promise<WaitingWorld> {
  const targets: Targets = {
    healthy: await startRecordingTarget(),
    hanging: await startRecordingTarget(() => ({ afterMs: Infinity })),
    held: await startRecordingTarget((name) =>
      name === 'held' ? { status: 429, headers: RETRY_AFTER } : {},
    ),
    heldOrigin: await startRecordingTarget(() => ({ status: 503, headers: RETRY_AFTER })),
    dead: await startRecordingTarget(),
  };
  const close = async (): Promise<void> => {
    await Promise.all(Object.values(targets).map((target) => target.close()));
  };
  try {
    await setUpQueues(calls, targets);
    await setUpTargets(calls, targets);
  } catch (error) {
    await close();
    throw error;
  }
  const urls: Readonly<Record<Situation['target'], string>> = {
    healthy: targets.healthy.url('ready'),
    'url-held': targets.held.url('held'),
    'origin-held': targets.heldOrigin.url('any'),
    'circuit-open': targets.dead.url('any'),
  };
  return { urlFor: ({ target }) => urls[target], close };
}

/** Limits first, and known, then the tasks that use them up. */
async function setUpQueues(calls: RecorderCalls, { healthy, hanging }: Targets): Promise<void> {
  await calls.put('paused', { paused: true });
  await calls.put('all-slots-taken', { maxConcurrency: 1 });
  await calls.put('rate-used-up', { rateLimit: SLOWEST_RATE });
  await calls.put('flow-slots-taken', { flowLimits: { maxConcurrency: 1 } });
  await calls.put('flow-rate-used-up', { flowLimits: { rateLimit: SLOWEST_RATE } });
  await settingsAreKnown();
  const hang = { target: hanging.url('hang'), timeoutMs: TIMEOUT_MS };
  const go = { target: healthy.url('first') };
  const ofEachKey = FLOW_KEYS.flatMap((flowKey) => [
    { ...hang, queue: 'flow-slots-taken', flowKey },
    { ...go, queue: 'flow-rate-used-up', flowKey },
  ]);
  await calls.submit([{ ...hang, queue: 'all-slots-taken' }, { ...go, queue: 'rate-used-up' }, ...ofEachKey]);
  const each = FLOW_KEYS.length + 1;
  const isInPlace = (): boolean => hanging.arrivals.length === each && healthy.arrivals.length === each;
  await until('limits are used up', isInPlace, IN_PLACE_WITHIN_MS);
}

async function setUpTargets(calls: RecorderCalls, { held, heldOrigin, dead }: Targets): Promise<void> {
  dead.isDead = true;
  const retry = { maxAttempts: 100, minBackoffMs: 1000, maxBackoffMs: 1000 };
  await calls.submit([
    { target: held.url('held') },
    { target: heldOrigin.url('any') },
    ...Array.from({ length: DEAD_TASKS }, () => ({ target: dead.url('any'), retry })),
  ]);
  const isIn = async (target: RecordingTarget, state: string): Promise<boolean> =>
    (await calls.targetState(target.origin)) === state;
  await until('the URL is held back', () => held.arrivals.length > 0, IN_PLACE_WITHIN_MS);
  await until('the origin is held back', () => isIn(heldOrigin, 'held-back'), IN_PLACE_WITHIN_MS);
  await until('the circuit is open', () => isIn(dead, 'circuit-open'), IN_PLACE_WITHIN_MS);
  // What was on its way then is over by the time that a hold-back counts. Spec: HLD-012.
  await settingsAreKnown();
}
