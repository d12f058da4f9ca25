import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Lines are gathered up to this many characters before they are handed to the file. */
const CHUNK_CHARACTERS = 65_536;

/** An NDJSON file that is being written. */
export interface Log<Event> {
  /** Appends one line. Never waits; after `close` it throws, for an event that is lost makes a run worthless. */
  write(event: Event): void;
  /** Settles when every line is in the file; rejects if the file could not be written. */
  close(): Promise<void>;
}

/** Begins the NDJSON file at a path and replaces what was there. Lines keep the order of their writes. */
export function createLog<Event>(file: string): Log<Event> {
  const stream = createWriteStream(file);
  const done = finished(stream);
  // An error is reported by `close`; until somebody waits for it, it must not end the process.
  done.catch(() => undefined);
  let gathered = '';
  let isClosed = false;
  const flush = (): void => {
    stream.write(gathered);
    gathered = '';
  };
  return {
    write(event) {
      if (isClosed) throw new Error(`expected no event after the log was closed, got one for ${file}`);
      gathered += `${JSON.stringify(event)}\n`;
      if (gathered.length >= CHUNK_CHARACTERS) flush();
    },
    async close() {
      if (!isClosed) {
        isClosed = true;
        flush();
        stream.end();
      }
      await done;
    },
  };
}
