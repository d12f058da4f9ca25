import type { QueueCall, QueueSettings } from '../events.ts';
import { pause } from '../faults/fault-kind.ts';
import { createRandom, type Random } from './random.ts';
import { createRecorderClient, type RecorderClient, type Reply } from './recorder-client.ts';

/** Who sets limits at the start of a run, and then pauses, resumes and changes them. */
export interface Operator {
  /** Lifts what is paused, and makes every limit wider so that what piled up is worked off; settles when that was answered. */
  stop(): Promise<void>;
}

export interface OperatorOptions {
  readonly recorders: readonly string[];
  readonly seed: number;
  /** Tasks a second of the run, of which the limited queues get their part. */
  readonly rate: number;
  /** Told of each call when it was answered or given up. */
  readonly onCall: (call: QueueCall) => void;
}

/** The queues with limits; plans.ts gives each its share of the tasks. */
const LIMITED = ['metered', 'narrow', 'tenants'] as const;
type Limited = (typeof LIMITED)[number];

/** Milliseconds between two things that the operator does. */
const IDLE_MS = [3000, 8000] as const;
const PAUSED_MS = [3000, 8000] as const;
const TRY_AGAIN_MS = 500;

/** How much wider limits are once everything is healed. */
const WIDER = 4;

/** Sets the limits, and begins to change them; settles when all of them were answered. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const ended = new AbortController();
  const client = createRecorderClient();
  const random = createRandom(options.seed, 2_000_000);
  const set = (queue: Limited, settings: QueueSettings) => putUntilAnswered(client, options, queue, settings);
  for (const queue of LIMITED) await set(queue, limitsOf(queue, options.rate, random));

  const work = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await pause(random.between(...IDLE_MS), ended.signal);
      if (ended.signal.aborted) return;
      const queue = random.pick(LIMITED);
      if (random.chance(0.5)) {
        await set(queue, limitsOf(queue, options.rate, random));
        continue;
      }
      await set(queue, { paused: true });
      await pause(random.between(...PAUSED_MS), ended.signal);
      await set(queue, { paused: false });
    }
  };
  const done = work();
  // Thrown by `stop`.
  done.catch(() => ended.abort());
  return {
    async stop() {
      ended.abort();
      await done;
      for (const queue of LIMITED) await set(queue, limitsOf(queue, options.rate * WIDER, random));
      client.close();
    },
  };
}

/** Room for a little more than a queue gets, so that what piles up is worked off again. */
function limitsOf(queue: Limited, rate: number, random: Random): QueueSettings {
  switch (queue) {
    case 'metered': {
      const perSecond = Math.max(1, Math.round(rate * 0.025)) + random.between(0, 2);
      return { rateLimit: { perSecond, burst: 2 * perSecond } };
    }
    case 'narrow':
      return { maxConcurrency: Math.max(1, Math.round(rate * 0.02)) + random.between(0, 1), weight: 1 };
    case 'tenants':
      return {
        flowLimits: { maxConcurrency: Math.max(1, Math.round(rate * 0.005)) + random.between(0, 1) },
        weight: 10,
      };
  }
}

async function putUntilAnswered(
  client: RecorderClient,
  { recorders, onCall }: OperatorOptions,
  queue: string,
  settings: QueueSettings,
): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const from = Date.now();
    const recorder = recorders.at(turn % recorders.length) ?? '';
    const reply = await callFor(client, recorder, queue, settings);
    const answered = reply.kind === 'answered' && { until: Date.now(), status: reply.status };
    onCall({ kind: 'queue-call', queue, from, ...answered, settings });
    if (reply.kind === 'answered' && reply.status < 300) return;
    if (reply.kind === 'answered' && reply.status < 500)
      throw new Error(`expected the settings of ${queue} to be taken, got ${JSON.stringify(reply.body)}`);
    await pause(TRY_AGAIN_MS);
  }
}

/** Pauses and resumes have paths of their own. */
function callFor(
  client: RecorderClient,
  recorder: string,
  queue: string,
  settings: QueueSettings,
): Promise<Reply> {
  if (settings.paused === undefined)
    return client.put(recorder, `/v1/queues/${queue}`, JSON.stringify(settings));
  return client.post(recorder, `/v1/queues/${queue}/${settings.paused ? 'pause' : 'resume'}`);
}
