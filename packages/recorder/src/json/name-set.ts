/** Above this many members a set finds duplicates faster than a scan does. */
const MAX_SCANNED_NAMES = 12;

/** Finds duplicates without building an object. */
export class NameSet {
  #few: string[] | undefined = [];
  #many: Set<string> | undefined;

  /** False if the name was there already. */
  add(name: string): boolean {
    if (this.#few) {
      if (this.#few.includes(name)) return false;
      this.#few.push(name);
      if (this.#few.length > MAX_SCANNED_NAMES) this.#growToSet(this.#few);
      return true;
    }
    const size = this.#many?.size;
    return this.#many?.add(hashable(name)).size !== size;
  }

  #growToSet(names: string[]): void {
    this.#many = new Set(names.map(hashable));
    this.#few = undefined;
  }
}

/** Names that look like integers have a predictable hash in V8, which a sender could make collide. */
function hashable(name: string): string {
  return `"${name}`;
}
