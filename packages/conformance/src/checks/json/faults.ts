import type { CheckContext } from '../../run/check-context.ts';

/** Members that make a submission wrong, and where a problem must say so. */
export type Fault = readonly [members: object, pointer: string];

/** Submits a task with each of the members, and requires that it is refused at the pointer. */
export async function refuseMembers(
  t: CheckContext,
  requirement: string,
  faults: readonly Fault[],
): Promise<void> {
  for (const [members, pointer] of faults) {
    // A parked task has a delay already, and no task may have both.
    const { delayMs, ...rest } = { delayMs: undefined, ...t.parked() };
    const task = 'dueAt' in members ? { ...rest, ...members } : { ...rest, delayMs, ...members };
    t.problem(requirement, await t.api.submit(task), 'invalid-request', { pointer });
  }
}
