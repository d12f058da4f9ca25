import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse, Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** How long a change may take to count. Spec: QUE-012. */
export const KNOWN_AFTER_MS = 1000;

/** A request to the check's queue, or to something below it. */
export function onQueue(t: CheckContext, method: string, rest = '', body?: object): Promise<ApiResponse> {
  return t.api.request(method, `/v1/queues/${t.queue}${rest}`, body === undefined ? {} : { body });
}

/** Puts settings of the check's queue, and waits until they count. */
export async function put(t: CheckContext, settings: object): Promise<Json> {
  const response = await onQueue(t, 'PUT', '', settings);
  t.status(t.mainRequirement, response, 200);
  await sleep(KNOWN_AFTER_MS);
  return response.json;
}

/** The names on all pages of a list. */
export async function listed(
  t: CheckContext,
  path: string,
  list: string,
  name: string,
  limit = 100,
): Promise<string[]> {
  const names: string[] = [];
  for (let cursor = ''; ;) {
    const response = await t.api.request('GET', `${path}?limit=${limit}${cursor}`);
    t.status(t.mainRequirement, response, 200);
    names.push(...response.json[list].map((each: Json) => each[name]));
    if (response.json.nextCursor === undefined) return names;
    cursor = `&cursor=${encodeURIComponent(response.json.nextCursor)}`;
  }
}

/** Submits tasks in one batch; answers their ids. */
export async function submitAll(t: CheckContext, tasks: readonly object[]): Promise<string[]> {
  const response = await t.api.submitBatch(tasks);
  t.status(t.mainRequirement, response, 201);
  return response.json.tasks.map(({ task }: Json) => task.id);
}
