import { type Command, ENDINGS, type Ending, type Step } from './commands.ts';
import type { Submission } from './model.ts';

const task = (members: Partial<Submission> = {}): Command => ({
  kind: 'submit',
  task: {
    id: 'a',
    fingerprint: 'content-1',
    queue: 'mail',
    flowKey: 'flow-1',
    priority: 0,
    due: 'now',
    expires: 'never',
    taskArgs: '{"b":1.0,"a":[ 1e400 ]}',
    ...members,
  },
});
const operate = (kind: 'cancel' | 'run' | 'retry' | 'delete'): Command => ({ kind, id: 'a' });
const claim: Command = { kind: 'claim', queue: 'mail', quota: 1, scheduler: 'scheduler-1' };
const takeOver: Command = { kind: 'take-over', whose: 'expired', scheduler: 'scheduler-1', picks: [] };
const takeOverAll: Command = { ...takeOver, whose: 'every' };
const runOut: Command = { kind: 'run-out', id: 'a' };
const come: Command = { kind: 'expires-come', id: 'a' };
const prune = (which: 'completed' | 'other'): Command => ({ kind: 'prune', which });
const settle = (ending: Ending, pick = 0): Command => ({ kind: 'settle', pick, ending });

const COMPLETED: Ending = { outcome: 'completed', to: 'completed' };
const REJECTED: Ending = { outcome: 'rejected', to: 'rejected' };
const RELEASED: Ending = { outcome: 'released', to: 'pending' };

/** One call after the other. */
const alone = (...lines: readonly (readonly Command[])[]): Step[] =>
  lines.flat().map((command): Step => [command]);

/** Every ending of an attempt, with and without a cancel; what is pending afterwards is cancelled. */
const everyEnding = ENDINGS.flatMap((ending) => [
  ...alone([task(), claim, settle(ending), operate('cancel'), operate('delete')]),
  ...alone([task(), claim, operate('cancel'), settle(ending), operate('cancel'), operate('delete')]),
]);

const everyOperation = alone(
  [task({ due: 'later' }), operate('run'), operate('cancel'), operate('cancel')],
  [operate('retry'), claim, settle(COMPLETED), operate('retry'), claim, settle(REJECTED)],
  [operate('retry'), claim, settle(REJECTED), prune('completed'), prune('other')],
  [task(), claim, settle(COMPLETED), prune('other'), prune('completed')],
  [task(), operate('cancel'), prune('completed'), prune('other')],
);

/** A holder that lost its lease renews and settles in vain, also under the same scheduler's name. */
const lostLeases = alone(
  [task(), claim, claim, runOut, takeOver, runOut, { kind: 'renew', picks: [1] }, settle(REJECTED, 1)],
  [
    settle(RELEASED),
    takeOverAll,
    settle(REJECTED),
    claim,
    settle(REJECTED, 1),
    settle(COMPLETED),
    operate('delete'),
  ],
);

/** An attempt goes on when `expiresAt` comes; what waits is not claimed any more. */
const expiry = alone(
  [task({ expires: 'later' }), claim, come, { kind: 'expire' }, settle(RELEASED), claim, { kind: 'expire' }],
  [operate('retry'), claim, settle(REJECTED), operate('delete')],
);

/** A limit that comes counts what runs, lets through what it leaves, and what ends makes room. */
const limits = ((): Step[] => {
  const byKey: Command = {
    kind: 'claim-flow-keys',
    queue: 'mail',
    flowKey: 'flow-1',
    quota: 100,
    scheduler: 'scheduler-1',
  };
  const put = (maxConcurrency: number | null): Command => ({
    kind: 'put-queue',
    queue: 'mail',
    maxConcurrency,
  });
  return alone(
    [task(), claim, put(2), task({ id: 'b' }), task({ id: 'c' }), byKey, byKey, settle(RELEASED), byKey],
    [put(null), byKey, put(1), { kind: 'purge', queue: 'mail' }, settle(COMPLETED), settle(COMPLETED, 1)],
    [operate('cancel'), { kind: 'purge', queue: 'mail' }, { kind: 'purge', queue: 'none' }],
  );
})();

/** The operator's write comes after what it looked at has changed. */
const overtaken: readonly Step[] = [
  ...alone([task()]),
  [claim, operate('cancel')],
  ...alone([settle(REJECTED), operate('retry'), claim]),
  [settle(RELEASED), operate('cancel')],
  ...alone([operate('retry'), claim, settle(COMPLETED)]),
  [operate('retry'), operate('delete')],
  ...alone([operate('cancel'), operate('delete')]),
];

/** A walk through each row of the state table and each guard, which chance takes too but not in every run. */
export const TOUR: readonly Step[] = [
  ...everyEnding,
  ...everyOperation,
  ...lostLeases,
  ...expiry,
  ...overtaken,
  ...limits,
];
