/**
 * The canonical text of a JSON text that parseStrictJson has accepted: members sorted by code unit, strings
 * by value, numbers by their text, no white space. Two texts with one canonical text have the same content.
 */
export function canonicalJson(source: string): string {
  return new CanonicalWriter(source).write();
}

const DELIMITER = /[\s,\]}]/g;

class CanonicalWriter {
  readonly #source: string;
  #position = 0;

  constructor(source: string) {
    this.#source = source;
  }

  write(): string {
    this.#skipSpace();
    const first = this.#source[this.#position];
    if (first === '{') return this.#writeObject();
    if (first === '[') return this.#writeArray();
    if (first === '"') return this.#takeString();
    return this.#takeScalar();
  }

  #writeObject(): string {
    const members: [name: string, text: string][] = [];
    this.#position += 1;
    while (!this.#takesEnd('}')) {
      const name = this.#takeString();
      this.#skipSpace();
      this.#position += 1; // the colon
      members.push([name, this.write()]);
    }
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, text]) => `${name}:${text}`).join(',')}}`;
  }

  #writeArray(): string {
    const items: string[] = [];
    this.#position += 1;
    while (!this.#takesEnd(']')) items.push(this.write());
    return `[${items.join(',')}]`;
  }

  #takeString(): string {
    const start = this.#position;
    let end = start + 1;
    while (this.#source[end] !== '"') end += this.#source[end] === '\\' ? 2 : 1;
    this.#position = end + 1;
    const text = this.#source.slice(start, end + 1);
    return text.includes('\\') ? JSON.stringify(JSON.parse(text)) : text;
  }

  #takeScalar(): string {
    const start = this.#position;
    DELIMITER.lastIndex = start;
    this.#position = DELIMITER.exec(this.#source)?.index ?? this.#source.length;
    return this.#source.slice(start, this.#position);
  }

  #takesEnd(end: string): boolean {
    this.#skipSpace();
    if (this.#source[this.#position] === ',') {
      this.#position += 1;
      this.#skipSpace();
    }
    if (this.#source[this.#position] !== end) return false;
    this.#position += 1;
    return true;
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#source[this.#position] ?? '!')) this.#position += 1;
  }
}
