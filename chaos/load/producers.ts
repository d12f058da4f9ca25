import type { ProducerEvent } from '../events.ts';
import { goOn } from './afterwards.ts';
import type { Log } from './log-writer.ts';
import { type Mix, type TargetName, type TaskPlan, planOf } from './plans.ts';
import { createRandom } from './random.ts';
import { createRecorderClient } from './recorder-client.ts';
import { submissionOf } from './submissions.ts';
import { type ProducerContext, type ProducerFigures, submit } from './submitter.ts';

/** Those who submit: a stream of tasks at a rate, and more when asked for. */
export interface Producers {
  readonly figures: Readonly<ProducerFigures>;
  /** Submits tasks with parts of their plans replaced, in batches; settles when each is acknowledged or given up. */
  submitMore(count: number, change: Partial<TaskPlan>): Promise<void>;
  /** Ends the stream; settles when every submit and operation has its end. */
  stop(): Promise<void>;
}

export interface ProducerOptions {
  readonly log: Log<ProducerEvent>;
  readonly recorders: readonly string[];
  readonly seed: number;
  /** Tasks a second; 0 for none but those of `submitMore`. */
  readonly rate: number;
  readonly mix: Mix;
  origin(target: TargetName): string;
}

/** Arrivals wait for nobody, but beyond this many tasks without an answer the harness itself would be the load. */
const MAX_UNANSWERED = 4000;
const TICK_MS = 10;
const BATCH_SIZE = 100;

/** Begins to submit. */
export function startProducers(options: ProducerOptions): Producers {
  const context = createContext(options);
  const { figures } = context;
  const underWay = new Set<Promise<void>>();
  let unanswered = 0;
  let submitted = 0;

  const track = (work: Promise<void>): Promise<void> => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  };
  const send = async (plans: readonly TaskPlan[], now: number): Promise<void> => {
    unanswered += plans.length;
    const submissions = plans.map((plan) => submissionOf(plan, options.origin(plan.target), now));
    const result = await submit(submissions, context);
    unanswered -= plans.length;
    if (result.kind !== 'acknowledged') return void (figures[result.kind] += plans.length);
    figures.acknowledged += plans.length;
    for (const [index, submission] of submissions.entries()) {
      const taskId = result.taskIds.at(index);
      if (taskId === undefined) throw new Error(`expected an id for each of ${plans.length} tasks`);
      void track(goOn(submission, taskId, options.origin(submission.plan.target), context));
    }
  };
  /** The next tasks in number: mostly one, sometimes a batch. */
  const sendNext = (): void => {
    const random = createRandom(options.seed, -submitted - 1);
    const size = random.chance(0.01) ? random.between(2, 40) : 1;
    const plans = Array.from({ length: size }, () => planOf(options.seed, submitted++, options.mix));
    void track(send(size === 1 ? plans : plans.map(inBatch), Date.now()));
  };

  const begunAt = performance.now();
  let owed = 0;
  const ticker = setInterval(() => {
    const arrived = Math.floor(((performance.now() - begunAt) * options.rate) / 1000);
    while (owed < arrived) {
      const before = submitted;
      if (unanswered < MAX_UNANSWERED) sendNext();
      owed += Math.max(1, submitted - before);
    }
  }, TICK_MS);

  return {
    figures,
    async submitMore(count, change) {
      const now = Date.now();
      const plans = Array.from({ length: count }, () => ({
        ...planOf(options.seed, submitted++, options.mix),
        afterwards: { do: 'nothing' as const },
        ...change,
      }));
      const batches: TaskPlan[][] = [];
      while (plans.length > 0) batches.push(plans.splice(0, BATCH_SIZE).map(inBatch));
      await Promise.all(batches.map((batch) => track(send(batch, now))));
    },
    async stop() {
      clearInterval(ticker);
      while (underWay.size > 0) await Promise.all(underWay);
      context.client.close();
    },
  };
}

/** A batch has no Idempotency-Key. */
function inBatch(plan: TaskPlan): TaskPlan {
  return plan.identity === 'key' ? { ...plan, identity: 'id' } : plan;
}

function createContext({ log, recorders }: ProducerOptions): ProducerContext & { figures: ProducerFigures } {
  let calls = 0;
  let turns = 0;
  return {
    log,
    recorders,
    client: createRecorderClient(),
    nextCall: () => (calls += 1),
    nextTurn: () => (turns += 1),
    figures: {
      acknowledged: 0,
      refused: 0,
      unknown: 0,
      lostAnswers: 0,
      refusedConnections: 0,
      unavailable: 0,
      slowestAcknowledgementMs: 0,
    },
  };
}
