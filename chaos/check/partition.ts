import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLines } from './read-log.ts';

/** Lines on disk, spread over files by a key: lines of one key are in one file, and one file fits into memory. */
export interface Partition {
  /** Waits only when the disk is slower than the caller. */
  add(key: string, line: string): Promise<void> | undefined;
  /** Closes the files; answers with their paths, in order. */
  finish(): Promise<string[]>;
  /** Removes the files. */
  remove(): Promise<void>;
}

/** A partition in a temporary folder, of so many files (1 or more). */
export async function createPartition(buckets: number): Promise<Partition> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-check-'));
  const paths = Array.from({ length: buckets }, (_, index) => join(folder, `${index}.ndjson`));
  const streams: WriteStream[] = paths.map((path) => createWriteStream(path));
  // A stream that opens its file only after the folder is removed would fail with nobody there to hear of it.
  await Promise.all(streams.map((stream) => once(stream, 'open')));
  return {
    add(key, line) {
      const stream = streams[hash(key) % buckets];
      if (stream === undefined || stream.write(`${line}\n`)) return undefined;
      return once(stream, 'drain').then(() => undefined);
    },
    async finish() {
      await Promise.all(
        streams.map(async (stream) => {
          stream.end();
          if (!stream.writableFinished) await once(stream, 'finish');
        }),
      );
      return paths;
    },
    async remove() {
      for (const stream of streams) stream.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The lines of one file of a partition. */
export async function readBucket(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const portion of readLines(path)) for (const { text } of portion) lines.push(text);
  return lines;
}

/** FNV-1a: spreads tokens that differ in one digit. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1)
    value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
