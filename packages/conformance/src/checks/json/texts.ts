import type { CheckContext } from '../../run/check-context.ts';
import { shortened } from '../../run/timeline.ts';

/** The text of a submission that stays pending, with more members, written as they are: `"headers":{"x":"y"}`. */
export function textWith(t: CheckContext, members: string): string {
  return `${JSON.stringify(t.parked()).slice(0, -1)},${members}}`;
}

/** The same with one byte more or less than text: what `value` has, between two texts. */
export function bytesWith(t: CheckContext, before: string, value: readonly number[], after: string): Buffer {
  const start = `${JSON.stringify(t.parked()).slice(0, -1)},${before}`;
  return Buffer.concat([Buffer.from(start), Buffer.from(value), Buffer.from(`${after}}`)]);
}

/** Submits each body, and requires that it is refused with 400 `malformed-json`. */
export async function refuseAll(
  t: CheckContext,
  requirement: string,
  bodies: readonly (string | Buffer)[],
): Promise<void> {
  for (const body of bodies) t.problem(requirement, await t.api.submit(body), 'malformed-json');
}

/** Submits each body, and requires that its task is recorded. */
export async function acceptAll(
  t: CheckContext,
  requirement: string,
  bodies: readonly (string | Buffer)[],
): Promise<void> {
  for (const body of bodies) t.status(requirement, await t.api.submit(body), 201);
}

/** Submits `taskArgs` as they are written, and requires that they are shown so. */
export async function showVerbatim(t: CheckContext, requirement: string, taskArgs: string): Promise<void> {
  const { id } = await t.submit(textWith(t, `"taskArgs":${taskArgs}`));
  const { text } = await t.api.get(id);
  const isThere = text.includes(`"taskArgs":${taskArgs}`) || text.includes(`"taskArgs": ${taskArgs}`);
  t.ok(requirement, `taskArgs are shown as they were submitted: ${shortened(taskArgs)}`, isThere, text);
}
