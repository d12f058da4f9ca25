import { createList } from '../list.ts';
import type { List, Page } from '../list.ts';
import type { Answer, MakeCall } from './call.ts';

/** A list of the Recorder API. */
export interface ReadList<Body, Item> {
  /** Its path, for errors. */
  path: string;
  signal: AbortSignal | undefined;
  /** Sends the request for one page; `from` holds the cursor, or nothing for the first page. */
  send: (from: { cursor?: string }, signal: AbortSignal) => Promise<Answer>;
  /** The items of a page's body. */
  itemsOf: (body: Body) => Item[];
}

/** Makes the list; each of its pages is a call of its own, which is repeated. */
export function readList<Body extends { nextCursor?: string }, Item>(
  makeCall: MakeCall,
  { path, signal, send, itemsOf }: ReadList<Body, Item>,
): List<Item> {
  return createList(async (cursor): Promise<Page<Item>> => {
    const from = cursor === undefined ? {} : { cursor };
    const body = await makeCall<Body>({
      request: `GET ${path}`,
      repeatable: true,
      signal,
      send: (trySignal) => send(from, trySignal),
    });
    const items = itemsOf(body);
    return body.nextCursor === undefined ? { items } : { items, nextCursor: body.nextCursor };
  });
}
