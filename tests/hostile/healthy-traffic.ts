import type { Task } from '@dispatchr/contract';
import { createApiClient, startScriptedTarget } from '@dispatchr/testkit';

/** Tasks that are submitted one after the other while others misbehave. */
export interface HealthyTraffic {
  /** The tasks that completed so far. */
  readonly completed: readonly Task[];
  /** Lets the last ones complete. */
  stop(): Promise<void>;
}

/** How many tasks are under way at a time. */
const AT_ONCE = 4;

/** Begins to submit tasks for a healthy target, each after the one before it has completed; ends at the first failure. */
export async function startHealthyTraffic(url: string): Promise<HealthyTraffic> {
  const target = await startScriptedTarget();
  const api = createApiClient(url);
  const completed: Task[] = [];
  let isOver = false;
  const produce = async (): Promise<void> => {
    while (!isOver) {
      const { id } = await api.submit({ target: target.url('/healthy') });
      completed.push(await api.until(id, ['completed'], 60_000));
    }
  };
  const producers = Array.from({ length: AT_ONCE }, () => produce());
  // A failure is for whoever stops the traffic, not for the process.
  for (const producer of producers) producer.catch(() => undefined);
  return {
    completed,
    async stop() {
      isOver = true;
      try {
        await Promise.all(producers);
      } finally {
        await target.close();
      }
    },
  };
}
