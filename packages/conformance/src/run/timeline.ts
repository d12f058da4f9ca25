/** One thing that happened while a check ran. */
export interface TimelineEntry {
  /** Milliseconds since the check began. */
  readonly atMs: number;
  readonly kind: 'request' | 'response' | 'delivery' | 'answer' | 'note';
  readonly text: string;
  /** A shell command that sends the same request. */
  readonly curl?: string;
}

/** What happened while a check ran, in order; a failure prints it. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #startedAt = performance.now();

  add(kind: TimelineEntry['kind'], text: string, curl?: string): void {
    const atMs = Math.round(performance.now() - this.#startedAt);
    this.entries.push({ atMs, kind, text, ...(curl === undefined ? {} : { curl }) });
  }

  /** The command that sends the latest request once more; `undefined` before the first. */
  get latestCurl(): string | undefined {
    return this.entries.findLast(({ curl }) => curl !== undefined)?.curl;
  }
}

/** The beginning of a text, so that a line stays a line. */
export function shortened(text: string, length = 300): string {
  // A body of a megabyte is not read to its end for the sake of its first line.
  const line = text.slice(0, 2 * length).replaceAll(/\s+/g, ' ');
  const isWhole = text.length <= 2 * length && line.length <= length;
  return isWhole ? line : `${line.slice(0, length)}… (${text.length} characters)`;
}
