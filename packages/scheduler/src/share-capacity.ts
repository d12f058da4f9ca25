/** A queue that wants to claim. */
export interface Demand {
  readonly queue: string;
  /** 1 or more. */
  readonly weight: number;
  /** Most tasks that its limits let through; Infinity without limits. */
  readonly room: number;
}

/** Shares capacities among queues by their weights, and remembers what each is owed from one share to the next. */
export class CapacityShares {
  /** Parts of a task that a queue is owed, or has had too much; about -1 … 1. */
  #owed = new Map<string, number>();

  /**
   * Cuts `capacity` into a quota for each queue, in proportion to the weights; what a queue has no room for goes to the
   * others in the same way. Quotas are whole: what a queue is owed beyond counts the next time, so that queues take
   * turns where there is less than one task for each. A queue that wants nothing this time is owed nothing. Spec: QUE-050.
   */
  share(demands: readonly Demand[], capacity: number): Map<string, number> {
    const parts = partsOf(demands, capacity);
    const shares = demands.map(({ queue, room }, index) => {
      const due = (parts[index] ?? 0) + (this.#owed.get(queue) ?? 0);
      const quota = Math.max(0, Math.min(room, Math.floor(due)));
      return { queue, room, due, quota };
    });
    const total = Math.min(
      capacity,
      demands.reduce((sum, { room }) => sum + room, 0),
    );
    settle(shares, total - shares.reduce((sum, { quota }) => sum + quota, 0));
    this.#owed = new Map(
      shares.map(({ queue, due, quota, room }) => [
        queue,
        quota < room ? Math.max(-1, Math.min(1, due - quota)) : 0,
      ]),
    );
    return new Map(shares.filter(({ quota }) => quota > 0).map(({ queue, quota }) => [queue, quota]));
  }
}

/** Whole and parts of tasks for each queue: by weight, but none more than its room. */
function partsOf(demands: readonly Demand[], capacity: number): number[] {
  const parts = demands.map(() => 0);
  let left = capacity;
  let open = demands.map((demand, index) => ({ ...demand, index }));
  while (open.length > 0) {
    const weights = open.reduce((sum, { weight }) => sum + weight, 0);
    const perWeight = left / weights;
    const full = open.filter(({ weight, room }) => room <= weight * perWeight);
    for (const { index, weight } of open) parts[index] = weight * perWeight;
    if (full.length === 0) break;
    for (const { index, room } of full) parts[index] = room;
    left -= full.reduce((sum, { room }) => sum + room, 0);
    open = open.filter(({ weight, room }) => room > weight * perWeight);
  }
  return parts;
}

/** Hands out what whole quotas left over, or takes back what they have too much, one task a queue and round. */
function settle(shares: { room: number; due: number; quota: number }[], over: number): void {
  let left = Math.round(over);
  const step = left > 0 ? 1 : -1;
  while (left !== 0) {
    const able = shares
      .filter(({ quota, room }) => (step > 0 ? quota < room : quota > 0))
      .toSorted((a, b) => step * (b.due - b.quota - (a.due - a.quota)));
    if (able.length === 0) return;
    for (const share of able.slice(0, Math.abs(left))) {
      share.quota += step;
      left -= step;
    }
  }
}

/**
 * Cuts `quota` into parts for those who take turns, each at most its room: one each, then another one each, and so on.
 * Where there is less than one for each the first ones get it.
 */
export function shareTurns(rooms: readonly number[], quota: number): number[] {
  const parts = rooms.map(() => 0);
  let left = quota;
  let open = rooms.map((_, index) => index).filter((index) => (rooms[index] ?? 0) > 0);
  while (left > 0 && open.length > 0) {
    const each = Math.max(1, Math.floor(left / open.length));
    for (const index of open.slice(0, left)) {
      const part = Math.min(each, left, (rooms[index] ?? 0) - (parts[index] ?? 0));
      parts[index] = (parts[index] ?? 0) + part;
      left -= part;
    }
    open = open.filter((index) => (parts[index] ?? 0) < (rooms[index] ?? 0));
  }
  return parts;
}
