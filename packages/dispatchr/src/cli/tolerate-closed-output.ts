import type { Writable } from 'node:stream';

/** Lets a reader stop early, as in `dispatchr --help | head -1`; what cannot be written for another reason still throws. */
export function tolerateClosedOutput(...streams: Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
