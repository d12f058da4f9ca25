/** Takes one task of each flow key in turn, in the given order within a key. */
export function interleaveFlowKeys<T extends { flowKey: string }>(tasks: readonly T[]): T[] {
  const turnOf = new Map<string, number>();
  const byTurn: T[][] = [];
  for (const task of tasks) {
    const turn = turnOf.get(task.flowKey) ?? 0;
    turnOf.set(task.flowKey, turn + 1);
    (byTurn[turn] ??= []).push(task);
  }
  return byTurn.flat();
}
