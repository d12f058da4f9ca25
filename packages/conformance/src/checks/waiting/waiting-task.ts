import { setTimeout as sleep } from 'node:timers/promises';
import { held } from '../../receiver/held.ts';
import type { Target } from '../../receiver/target.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

// What a task waits for may take a second to be known, and a scheduler may have the task in its hands until it is.
const SHOWN_WITHIN_MS = 5000;

/** Reads a pending task until it shows the reason, and answers its `waiting`; a violation of WHY-002 says what it shows. */
export async function untilWaiting(t: CheckContext, id: string, reason: string): Promise<Json> {
  const deadline = performance.now() + SHOWN_WITHIN_MS;
  for (;;) {
    const { json } = await t.api.get(id);
    if (json?.waiting?.reason === reason) return json.waiting;
    if (performance.now() > deadline)
      t.equal('WHY-002', `what the ${json?.state} task waits for`, json?.waiting?.reason, reason);
    await sleep(50);
  }
}

/** Requires an instant that is to come by the implementation's clock, and not long after `withinMs`. Spec: WHY-003. */
export async function requireUntil(
  t: CheckContext,
  { reason, until }: { readonly reason: string; readonly until?: string },
  withinMs: number,
): Promise<void> {
  const { createdAt } = await t.submit(t.parked());
  const inMs = Date.parse(String(until)) - Date.parse(createdAt);
  // The reason may have ended between the two requests.
  const isThere = inMs > -SHOWN_WITHIN_MS && inMs <= withinMs + SHOWN_WITHIN_MS;
  t.ok('WHY-003', `${reason} shows until when, ${withinMs} ms from now at most`, isThere, until);
}

/** Submits a task for a target that keeps its answer back, and waits until it is in flight. */
export async function inFlight(
  t: CheckContext,
  members: object = {},
): Promise<{ target: Target; id: string; release: (answer: number) => void }> {
  const { answer, release } = held();
  const target = await t.target(answer);
  const { id } = await t.submit(t.taskFor(target, members));
  await t.delivery(target);
  return { target, id, release };
}
