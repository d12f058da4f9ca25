import { nextTick } from 'node:process';
import { createSpinWatch } from './spin-watch.ts';

/** Time that moves from one event to the next; nothing waits for a real timer. */
export interface VirtualTime {
  /** Milliseconds since the start. */
  nowMs(): number;
  /** Runs `event` once in `ms` milliseconds; the returned function takes it back. */
  in(ms: number, event: () => void): () => void;
  /**
   * Runs event after event until `isOver` answers true, nothing is left, or `endMs` has come; answers whether it was
   * over. Rejects where events, or promises between two of them, have no end, with who asks for them.
   */
  runUntil(isOver: () => boolean, endMs: number): Promise<boolean>;
}

interface Event {
  readonly atMs: number;
  readonly number: number;
  run: (() => void) | undefined;
}

/** Real macrotasks get a turn after so many events, or the test's runner would take this process for dead. */
const EVENTS_A_TURN = 20_000;

/** More events than this are a loop that leads nowhere: none of 1,040 healthy runs needed as many. */
const MOST_EVENTS = 300_000;

/** The same of looks at the clock between two events: what goes round in promises alone looks at it each time. */
const MOST_LOOKS = 1_000_000;

/** A queue of events that starts at 0. */
export function createVirtualTime(): VirtualTime {
  const heap: Event[] = [];
  let nowMs = 0;
  let events = 0;
  let looks = 0;
  const eventWatch = createSpinWatch('events', MOST_EVENTS);
  const lookWatch = createSpinWatch('looks at the clock between two events', MOST_LOOKS);

  return {
    nowMs() {
      looks += 1;
      if (looks > MOST_LOOKS) lookWatch.note(nowMs);
      if (lookWatch.spun !== undefined) throw lookWatch.spun;
      return nowMs;
    },
    in(ms, run) {
      if (!(ms >= 0)) throw new Error(`expected an event in 0 or more milliseconds, got ${ms}`);
      if (events >= MOST_EVENTS) eventWatch.note(nowMs);
      const event: Event = { atMs: nowMs + ms, number: (events += 1), run };
      push(heap, event);
      return () => (event.run = undefined);
    },
    async runUntil(isOver, endMs) {
      for (let ran = 1; ; ran += 1) {
        if (isOver()) return true;
        const event = heap[0];
        if (event === undefined || event.atMs > endMs) return false;
        pop(heap);
        nowMs = event.atMs;
        if (event.run === undefined) continue;
        looks = 0;
        event.run();
        await (ran % EVENTS_A_TURN === 0 ? macrotask() : settledPromises());
        const spun = eventWatch.spun ?? lookWatch.spun;
        if (spun !== undefined) throw spun;
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
