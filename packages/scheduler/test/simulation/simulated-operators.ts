import type { TaskStore } from '@dispatchr/store';
import type { Put } from './settings-changes.ts';
import type { World } from './world.ts';

/** Operators who change settings of queues. */
export interface Operators {
  /** Whether nothing is left to put. */
  isDone(): boolean;
  put(put: Put): void;
}

/** Milliseconds after which a put that failed is tried again. */
const AGAIN_MS = 700;

/** How long an operator waits for a recorder, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Starts operators who ask a recorder until it answers; what is put to one queue is put in its order. */
export function startOperators({ time }: World, recorder: () => TaskStore): Operators {
  const lastOf = new Map<string, Promise<void>>();
  let underWay = 0;
  const ask = ({ queue, flowKey, change }: Put): Promise<unknown> =>
    flowKey === undefined
      ? recorder().putQueue(queue, change)
      : recorder().putFlowKey(queue, flowKey, change);
  const tryOnce = (put: Put): Promise<boolean> =>
    new Promise((resolve) => {
      // A recorder that died answers never.
      const cancel = time.in(PATIENCE_MS, () => resolve(false));
      ask(put)
        .then(
          () => resolve(true),
          () => resolve(false),
        )
        .finally(cancel);
    });
  const untilAnswered = async (put: Put): Promise<void> => {
    while (!(await tryOnce(put))) await new Promise<void>((resolve) => void time.in(AGAIN_MS, resolve));
    underWay -= 1;
  };
  return {
    isDone: () => underWay === 0,
    put(put) {
      underWay += 1;
      const before = lastOf.get(put.queue) ?? Promise.resolve();
      lastOf.set(
        put.queue,
        before.then(() => untilAnswered(put)),
      );
    },
  };
}
