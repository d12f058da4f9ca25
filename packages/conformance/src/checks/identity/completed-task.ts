import type { Answer } from '../../receiver/delivery.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** The id of a task that was delivered until the last of the answers completed it. */
export async function completedTask(t: CheckContext, ...answers: Answer[]): Promise<string> {
  const target = await t.target(...answers);
  const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
  // One after the other: a busy machine may be slow at each.
  for (const at of answers.keys()) await t.delivery(target, at + 1);
  await t.untilState(id, 'completed');
  return id;
}
