import type { Lag } from '../events.ts';

const TICK_MS = 10;

/** Less than this many milliseconds is no lag. */
const NOTED_MS = 30;

/** Watches the event loop of this process, in which the targets run; returns how to stop. */
export function watchLag(onLag: (lag: Lag) => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > NOTED_MS) onLag({ kind: 'lag', from: last, until: now });
    last = now;
  }, TICK_MS);
  return () => clearInterval(timer);
}
