/** A page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; absent with the last one. */
  nextCursor?: string;
}

/**
 * A list that is read page by page, as far as it is iterated: `for await (const item of list)`.
 * Each iteration asks anew, from the beginning.
 */
export interface List<Item> extends AsyncIterable<Item> {
  /** The same list in pages, for those who show or store pages. */
  pages(): AsyncIterable<Page<Item>>;
}

/** How a list is read. */
export interface ListOptions {
  /** Items of a page at most, not of the list: 1 to the recorder's `limits.maxPageSize`. Default: the recorder's own, 50. */
  limit?: number;
}

/** Makes a list of what answers one page; `cursor` is undefined for the first. */
export function createList<Item>(readPage: (cursor: string | undefined) => Promise<Page<Item>>): List<Item> {
  async function* pages(): AsyncGenerator<Page<Item>> {
    let cursor: string | undefined;
    do {
      const page = await readPage(cursor);
      yield page;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }
  async function* items(): AsyncGenerator<Item> {
    for await (const page of pages()) yield* page.items;
  }
  return { pages, [Symbol.asyncIterator]: items };
}
