import { nextTick } from 'node:process';

/** Time that moves from one event to the next; nothing waits for a real timer. */
export interface VirtualTime {
  /** Milliseconds since the start. */
  nowMs(): number;
  /** Runs `event` once in `ms` milliseconds; the returned function takes it back. */
  in(ms: number, event: () => void): () => void;
  /** Runs event after event until `isOver` answers true, nothing is left, or `endMs` has come; answers whether it was over. */
  runUntil(isOver: () => boolean, endMs: number): Promise<boolean>;
}

interface Event {
  readonly atMs: number;
  readonly number: number;
  run: (() => void) | undefined;
}

/** Real macrotasks get a turn after so many events, or the test's runner would take this process for dead. */
const EVENTS_A_TURN = 20_000;

/** More events than this in one go are a loop that leads nowhere: no healthy run needs half of them. */
const MOST_EVENTS = 150_000;

/** A queue of events that starts at 0. */
export function createVirtualTime(): VirtualTime {
  const heap: Event[] = [];
  let nowMs = 0;
  let events = 0;

  return {
    nowMs: () => nowMs,
    in(ms, run) {
      if (!(ms >= 0)) throw new Error(`expected an event in 0 or more milliseconds, got ${ms}`);
      const event: Event = { atMs: nowMs + ms, number: (events += 1), run };
      push(heap, event);
      return () => (event.run = undefined);
    },
    async runUntil(isOver, endMs) {
      for (let ran = 1; ; ran += 1) {
        if (isOver()) return true;
        const event = heap[0];
        if (event === undefined || event.atMs > endMs || ran > MOST_EVENTS) return false;
        pop(heap);
        nowMs = event.atMs;
        if (event.run === undefined) continue;
        event.run();
        await (ran % EVENTS_A_TURN === 0 ? macrotask() : settledPromises());
      }
    },
  };
}

/**
 * Resolves when no promise can settle any more: Node runs a tick that was asked for inside a promise's reaction only
 * once its queue of reactions is empty. A fifth of the cost of `setImmediate`, and right however long a chain is.
 */
function settledPromises(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
}

function push(heap: Event[], event: Event): void {
  let index = heap.push(event) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (isBefore(heap.at(parent)!, event)) break;
    heap[index] = heap.at(parent)!;
    index = parent;
  }
  heap[index] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (let child = 1; child < heap.length; child = 2 * index + 1) {
    if (child + 1 < heap.length && isBefore(heap.at(child + 1)!, heap.at(child)!)) child += 1;
    if (isBefore(last, heap.at(child)!)) break;
    heap[index] = heap.at(child)!;
    index = child;
  }
  heap[index] = last;
}
