import { invalidRequest } from './problems.ts';
import type { Cursors, QueryReader } from './query-reader.ts';
import type { Answer } from './response.ts';
import type { Settings } from './settings.ts';

/** What is listed by name. */
export interface NameList {
  /** The member of the page that holds the items. */
  readonly member: string;
  /** All names, in order by code point. */
  readonly names: readonly string[];
  /** An item as JSON text. */
  readonly show: (name: string) => string;
}

/** A page of a list that is ordered by name. Spec: PAG-001. */
export function namePage(query: QueryReader, list: NameList, cursors: Cursors, settings: Settings): Answer {
  const { member, names, show } = list;
  const after = cursors.readName(member, query) ?? '';
  const isSkipping = settings.mutants.has('name-pages-skip') && after !== '';
  const limit = query.limit();
  if (query.errors.length > 0) throw invalidRequest(query.errors);
  const rest = names.filter((name) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0);
  if (isSkipping) rest.shift();
  const size = settings.variants.has('short-pages') ? Math.ceil(limit / 2) : limit;
  const shown = rest.slice(0, size);
  const cursor = cursors.makeName(member, shown.at(-1) ?? '');
  const next = rest.length > size ? `,"nextCursor":${JSON.stringify(cursor)}` : '';
  return { status: 200, body: `{"${member}":[${shown.map(show).join(',')}]${next}}` };
}
