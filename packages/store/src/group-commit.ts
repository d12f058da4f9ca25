import { DatabaseUnavailableError } from './database/database.ts';

/** Runs a function at the end of this turn of the event loop: after what has arrived, before what comes later. */
export type AfterInput = (run: () => void) => void;

/** Settings of {@link GroupCommit}. */
export interface GroupCommitOptions<Item> {
  /** Items of one flush at most. */
  readonly maxItems: number;
  /** Flushes under way at once. */
  readonly concurrency: number;
  /** Items that must wait before a flush begins beside another: fewer would not be worth a commit of their own. 1 if left out. */
  readonly minItemsBeside?: number;
  /** What an item weighs against `maxWeight`, in bytes; the heaviest item still goes alone. */
  readonly weigh?: (item: Item) => number;
  readonly maxWeight?: number;
  readonly afterInput: AfterInput;
  /** Items that may wait; more are refused at once, so that a slow database costs bounded memory. */
  readonly maxWaiting: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

type Result<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/**
 * Shares one write, and so one commit, among the items that arrive while the write before is under way.
 *
 * An item that finds nothing under way goes at the end of this turn of the event loop, with what else came in
 * it; most flushes would else carry one item. There is no timer, which was measured to cost both latency and throughput.
 Each caller is answered only after the commit of its own item. When the database is away, all
 * callers hear of it, those that still wait too; when it refuses a flush, each item is written alone, so that only the one that is
 * at fault fails.
 */
export class GroupCommit<Item, Answer> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #options: GroupCommitOptions<Item>;
  #waiting: Waiting<Item, Answer>[] = [];
  #underWay = 0;
  #isGathering = false;

  /** @param flush - writes the items and gives an answer for each, in their order. */
  constructor(
    flush: (items: readonly Item[]) => Promise<readonly Answer[]>,
    options: GroupCommitOptions<Item>,
  ) {
    this.#flush = flush;
    this.#options = options;
  }

  /**
   * Adds an item to the next flush and answers after its commit.
   * Throws DatabaseUnavailableError while the database is away or too many items wait.
   */
  add(item: Item): Promise<Answer> {
    const { maxWaiting } = this.#options;
    if (this.#waiting.length >= maxWaiting) {
      return Promise.reject(
        new DatabaseUnavailableError(`${maxWaiting} writes wait for the database already`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#gather();
    });
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#options.afterInput(() => {
      this.#isGathering = false;
      this.#next();
    });
  }

  #next(): void {
    while (this.#mayFlush()) void this.#write(this.#take());
  }

  #mayFlush(): boolean {
    const { concurrency, minItemsBeside = 1 } = this.#options;
    if (this.#underWay === 0) return this.#waiting.length > 0;
    return this.#underWay < concurrency && this.#waiting.length >= minItemsBeside;
  }

  #take(): Waiting<Item, Answer>[] {
    const { maxItems, weigh = () => 0, maxWeight = 0 } = this.#options;
    let weight = 0;
    const tooMany = this.#waiting.findIndex(({ item }, index) => {
      weight += weigh(item);
      return index === maxItems || (index > 0 && weight > maxWeight);
    });
    return this.#waiting.splice(0, tooMany === -1 ? this.#waiting.length : tooMany);
  }

  async #write(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    this.#underWay += 1;
    const results = await this.#flushAll(group.map(({ item }) => item));
    this.#underWay -= 1;
    // The next write goes first: what callers do with their answers would only hold it up.
    this.#next();
    group.forEach(({ resolve, reject }, index) => {
      const result = results[index] as Result<Answer>;
      if ('error' in result) reject(result.error);
      else resolve(result.answer);
    });
  }

  async #flushAll(items: readonly Item[]): Promise<Result<Answer>[]> {
    try {
      return (await this.#flush(items)).map((answer) => ({ answer }));
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) this.#refuseWaiting(error);
      if (error instanceof DatabaseUnavailableError || items.length === 1)
        return items.map(() => ({ error }));
    }
    const results: Result<Answer>[] = [];
    for (const item of items) results.push(...(await this.#flushAll([item])));
    return results;
  }

  /** What waits would only wait for the same deadline again, one group after the other. */
  #refuseWaiting(error: DatabaseUnavailableError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
