import type { Delivery } from '../../receiver/delivery.ts';
import type { Target } from '../../receiver/target.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** Kills the implementation as SIGKILL would, and starts it again. */
export async function crash(t: CheckContext): Promise<void> {
  t.note('kills the implementation');
  await t.control.kill();
  await t.control.start();
  t.note('the implementation answers again');
}

/**
 * How long a check waits for what a dead scheduler left behind: LEA-012 gives 60 s, of which an implementation that holds
 * its database exclusively needs none. 75 s with the usual patience.
 */
export function takeoverMs(t: CheckContext): number {
  return 5 * t.timing.patienceMs;
}

/** Waits for the delivery of that number, also if somebody has to take the task over first. */
export function deliveryAfterCrash(t: CheckContext, target: Target, number: number): Promise<Delivery> {
  return t.delivery(target, number, takeoverMs(t));
}

/** Reads a task until it is in the state, also if somebody has to take it over first. */
export function stateAfterCrash(t: CheckContext, id: string, state: string): Promise<Json> {
  return t.until(id, `${state} after the kill`, (task) => task.state === state, takeoverMs(t));
}
