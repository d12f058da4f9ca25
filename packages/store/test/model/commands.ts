import type { AttemptOutcome, TaskReason } from '@dispatchr/contract';
import fc from 'fast-check';
import type { Submission } from './model.ts';

/** How an attempt may end: its outcome and what becomes of the task. */
export interface Ending {
  readonly outcome: AttemptOutcome;
  readonly to: 'completed' | 'pending' | 'pending later' | TaskReason;
}

/** A call of the store, as data that fast-check can print and shrink. Holders are picked by their age, newest 0. */
export type Command =
  | { readonly kind: 'submit'; readonly task: Submission }
  | { readonly kind: 'batch'; readonly tasks: readonly Submission[] }
  | { readonly kind: 'claim'; readonly queue: string; readonly quota: number; readonly scheduler: string }
  | {
      readonly kind: 'claim-flow-keys';
      readonly queue: string;
      readonly flowKey: string;
      readonly quota: number;
      readonly scheduler: string;
    }
  | { readonly kind: 'put-queue'; readonly queue: string; readonly maxConcurrency: number | null }
  | { readonly kind: 'purge'; readonly queue: string }
  | { readonly kind: 'renew'; readonly picks: readonly number[] }
  | { readonly kind: 'settle'; readonly pick: number; readonly ending: Ending }
  | { readonly kind: 'run-out' | 'expires-come'; readonly id: string }
  | {
      readonly kind: 'take-over';
      readonly whose: 'expired' | 'every' | 'unanswered';
      readonly scheduler: string;
      readonly picks: readonly number[];
    }
  | { readonly kind: 'expire' }
  | { readonly kind: 'prune'; readonly which: 'completed' | 'other' }
  | { readonly kind: 'cancel' | 'run' | 'retry' | 'delete' | 'get' | 'attempts'; readonly id: string }
  | {
      readonly kind: 'list';
      readonly filter: {
        state?: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
        queue?: string;
      };
      readonly limit: number;
    }
  | { readonly kind: 'lanes' };

/** What happens next: one call, or two at the same time on two connections. */
export type Step = readonly [Command] | readonly [Command, Command];

export const QUEUES = ['mail', 'billing'] as const;
const FLOW_KEYS = ['flow-1', 'flow-2'] as const;
export const PRIORITIES = [1, 0] as const;
const IDS = ['a', 'b', 'c', 'd'] as const;
const KEYED_ID = 'd';
const SCHEDULERS = ['scheduler-1', 'scheduler-2'] as const;
const FINGERPRINTS = ['content-1', 'content-1', 'content-1', 'content-2'] as const;
const TASK_ARGS = ['{"b":1.0,"a":[ 1e400 ]}', '{"a":1,"a":2}', 'null'] as const;

/** Every way in which an attempt ends. */
export const ENDINGS: readonly Ending[] = [
  { outcome: 'completed', to: 'completed' },
  { outcome: 'rejected', to: 'rejected' },
  { outcome: 'target-blocked', to: 'target-blocked' },
  ...(['retryable', 'lease-lost'] as const).flatMap((outcome): Ending[] => [
    { outcome, to: 'pending' },
    { outcome, to: 'pending later' },
    { outcome, to: 'exhausted' },
    { outcome, to: 'expired' },
  ]),
  { outcome: 'released', to: 'pending' },
  { outcome: 'released', to: 'expired' },
];

const id = fc.constantFrom(...IDS);
const pick = fc.oneof(fc.constant(0), fc.nat({ max: 3 }));
const scheduler = fc.constantFrom(...SCHEDULERS);
const queue = fc.constantFrom(...QUEUES);

/** One of the ids stands for tasks with an idempotency key instead, whose id no producer chose. */
const submission: fc.Arbitrary<Submission> = fc
  .record({
    id,
    fingerprint: fc.constantFrom(...FINGERPRINTS),
    queue,
    flowKey: fc.constantFrom(...FLOW_KEYS),
    priority: fc.constantFrom(...PRIORITIES),
    due: fc.oneof(
      { arbitrary: fc.constant('now' as const), weight: 8 },
      fc.constant('later' as const),
      fc.integer({ min: -9, max: -1 }),
    ),
    expires: fc.oneof(
      { arbitrary: fc.constant('never' as const), weight: 8 },
      fc.constantFrom('come' as const, 'later' as const),
    ),
    taskArgs: fc.constantFrom(...TASK_ARGS),
  })
  .map((task) => (task.id === KEYED_ID ? { ...task, idempotencyKey: 'key' } : task));

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('submit' as const), task: submission }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      tasks: fc.uniqueArray(submission, { minLength: 1, maxLength: 3, selector: (task) => task.id }),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      queue,
      quota: fc.constantFrom(1, 2, 100),
      scheduler,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('claim-flow-keys' as const),
      queue,
      flowKey: fc.constantFrom(...FLOW_KEYS),
      quota: fc.constantFrom(1, 2, 100),
      scheduler,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('put-queue' as const),
      queue,
      maxConcurrency: fc.constantFrom(1, 2, null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const), queue }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('renew' as const),
      picks: fc.uniqueArray(pick, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({ kind: fc.constant('settle' as const), pick, ending: fc.constantFrom(...ENDINGS) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('run-out' as const, 'run-out' as const, 'expires-come' as const),
      id,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('take-over' as const),
      whose: fc.constantFrom('expired' as const, 'expired' as const, 'every' as const, 'unanswered' as const),
      scheduler,
      picks: fc.uniqueArray(pick, { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'expire' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('prune' as const),
      which: fc.constantFrom('completed' as const, 'other' as const),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'run' as const, 'retry' as const, 'delete' as const),
      id,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('get' as const, 'attempts' as const), id }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('list' as const),
      filter: fc.record(
        {
          state: fc.constantFrom(
            'pending' as const,
            'running' as const,
            'completed' as const,
            'failed' as const,
            'cancelled' as const,
          ),
          queue,
        },
        { requiredKeys: [] },
      ),
      limit: fc.constantFrom(1, 2, 100),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'lanes' as const }) },
);

/** What passes by tasks that a purge is about to cancel, or cancels some of them itself. */
const BESIDE_NO_PURGE = ['purge', 'claim', 'claim-flow-keys', 'expire', 'prune', 'batch'];

/** Two that only count what they did cannot say which of them did what; and time does not come by in two writes. */
const fit = (one: Command, two: Command): boolean => {
  const areBoth = (...kinds: string[]) => kinds.includes(one.kind) && kinds.includes(two.kind);
  if ((one.kind === 'purge' || two.kind === 'purge') && areBoth(...BESIDE_NO_PURGE)) return false;
  return !areBoth('expire', 'prune') && one.kind !== 'expires-come' && two.kind !== 'expires-come';
};

/** Steps of one run; the kinds of commands are weighted so that tasks go round the whole state table. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    { weight: 2, arbitrary: fc.tuple(command) },
    { weight: 1, arbitrary: fc.tuple(command, command).filter(([one, two]) => fit(one, two)) },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
);
