import type { CheckContext } from '../../run/check-context.ts';

// Longer than a check takes, also on a busy machine.
const MINUTE_MS = 60_000;

/** Ends the check as not applicable where a terminal task may be pruned while the check looks at it. Spec: DUR-010, IDN-015. */
export function requireMemory(t: CheckContext): void {
  const { idempotencyWindowMs } = t.discovery.limits;
  if (idempotencyWindowMs >= MINUTE_MS) return;
  t.skip(
    `limits.idempotencyWindowMs is ${idempotencyWindowMs}: a terminal task may be pruned during the check`,
  );
}
