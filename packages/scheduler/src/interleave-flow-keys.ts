/** Takes one task of each flow key of each queue in turn, in the given order within a key. */
export function interleaveFlowKeys<T extends { queue: string; flowKey: string }>(tasks: readonly T[]): T[] {
  const turnOf = new Map<string, number>();
  const byTurn: T[][] = [];
  for (const task of tasks) {
    // Neither can contain the character between them.
    const key = `${task.queue}\0${task.flowKey}`;
    const turn = turnOf.get(key) ?? 0;
    turnOf.set(key, turn + 1);
    (byTurn[turn] ??= []).push(task);
  }
  return byTurn.flat();
}
