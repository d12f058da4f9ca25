import type { Api } from './api.ts';
import { shortened } from './timeline.ts';
import { Unreachable } from './violation.ts';

const TASK = { target: 'http://conformance.invalid/trial', taskName: 'trial', delayMs: 86_400_000 };

/** Submits one task; throws `Unreachable` if what answers records nothing at all, so that no check could pass. */
export async function assertRecords(api: Api): Promise<void> {
  const { status, text } = await api.submit(TASK);
  if (status === 401)
    throw new Unreachable(
      "the implementation asks for a token: pass --header 'Authorization: Bearer …' with the right one",
    );
  if (status === 404 || status === 405 || status >= 500)
    throw new Unreachable(
      `expected POST /v1/tasks to record a task, got ${status} ${shortened(text, 200)}: is --url the base of the implementation, and is its database up?`,
    );
}
