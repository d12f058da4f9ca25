/** Settings of {@link GroupCommit}. */
export interface GroupCommitOptions<Item> {
  /** Items of one flush at most. */
  readonly maxItems: number;
  /** Flushes under way at once. */
  readonly concurrency: number;
  /** What an item weighs against `maxWeight`, in bytes; the heaviest item still goes alone. */
  readonly weigh?: (item: Item) => number;
  readonly maxWeight?: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Shares one write, and so one commit, among the items that arrive while the write before is under way.
 *
 * An item that finds nothing under way goes at once: there is no timer, which was measured to cost both latency
 * and throughput. Each caller is answered only after the commit of its own item; when a flush fails, all of its
 * callers hear of it.
 */
export class GroupCommit<Item, Answer> {
  readonly #flush: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #options: GroupCommitOptions<Item>;
  #waiting: Waiting<Item, Answer>[] = [];
  #underWay = 0;

  /** @param flush - writes the items and gives an answer for each, in their order. */
  constructor(
    flush: (items: readonly Item[]) => Promise<readonly Answer[]>,
    options: GroupCommitOptions<Item>,
  ) {
    this.#flush = flush;
    this.#options = options;
  }

  /** Adds an item to the next flush and answers after its commit. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    while (this.#underWay < this.#options.concurrency && this.#waiting.length > 0) {
      void this.#write(this.#take());
    }
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
    try {
      const answers = await this.#flush(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.#underWay -= 1;
      this.#next();
    }
  }
}
