import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { Violation } from '../../run/violation.ts';

/** Pages that a walk asks for at most: pages may be short and even empty, but a list must end. */
const MAX_PAGES = 300;

interface Walk {
  /** The member of a page that has the items. */
  readonly items?: 'tasks' | 'attempts';
  readonly path?: string;
  /** Called after each page but the last, with its number from 1. */
  readonly between?: (page: number, items: readonly Json[]) => Promise<void>;
}

/** Follows a list from its first page to its end, and answers all items in order. */
export async function walk(
  t: CheckContext,
  requirement: string,
  query: Readonly<Record<string, string | number>>,
  { items = 'tasks', path = '/v1/tasks', between }: Walk = {},
): Promise<Json[]> {
  const found: Json[] = [];
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const response = await t.api.request('GET', `${path}?${search.toString()}`);
    t.status(requirement, response, 200);
    const these: readonly Json[] = response.json?.[items] ?? [];
    found.push(...these);
    const cursor: unknown = response.json?.nextCursor;
    if (typeof cursor !== 'string') return found;
    search.set('cursor', cursor);
    await between?.(page, these);
  }
  throw new Violation(
    requirement,
    'the list does not end',
    'a page without nextCursor',
    `${MAX_PAGES} pages with it`,
  );
}

/** The ids of tasks. */
export const idsOf = (tasks: readonly Json[]): string[] => tasks.map((task) => task?.id);
