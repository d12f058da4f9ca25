import { TRANSITIONS } from '@dispatchr/contract';
import { FAULT_KINDS } from './fault-kinds.ts';
import { FLOW_EVENTS } from './flow-events.ts';
import { stepsOf, type History } from './history.ts';
import { rowName } from './invariants/outcomes.ts';

/** What runs have been through so far. */
export interface Coverage {
  readonly counts: { runs: number; steps: number; tasks: number; deliveries: number };
  readonly rows: ReadonlyMap<string, number>;
  readonly faults: ReadonlyMap<string, number>;
  readonly flowEvents: ReadonlyMap<string, number>;
  add(history: History): void;
}

/** A cancel of a cancelled task changes nothing, so no log of changes has it: its answer tells. */
const CANCEL_AGAIN = rowName({ from: 'cancelled', event: 'cancel', to: 'cancelled' });

/** Counts with every row of the state table and every kind of fault at 0. */
export function createCoverage(): Coverage {
  const rows = new Map(TRANSITIONS.map((row) => [rowName(row), 0]));
  const faults = new Map<string, number>(FAULT_KINDS.map((kind) => [kind, 0]));
  const flowEvents = new Map<string, number>(FLOW_EVENTS.map((event) => [event, 0]));
  const counts = { runs: 0, steps: 0, tasks: 0, deliveries: 0 };
  const count = (of: Map<string, number>, name: string, by = 1): void => {
    const before = of.get(name);
    if (before !== undefined) of.set(name, before + by);
  };
  return {
    counts,
    rows,
    faults,
    flowEvents,
    add(history) {
      counts.runs += 1;
      counts.steps += stepsOf(history);
      counts.tasks += history.transitions.filter(({ event }) => event === 'submit').length;
      counts.deliveries += history.deliveries.length;
      for (const transition of history.transitions) count(rows, rowName(transition));
      for (const { kind } of history.faults) count(faults, kind);
      for (const [event, times] of history.flowEvents) count(flowEvents, event, times);
      count(rows, CANCEL_AGAIN, cancelsOfCancelled(history));
    },
  };
}

function cancelsOfCancelled({ operations, transitions }: History): number {
  const cancels = new Map(
    transitions
      .filter(({ event, to }) => event === 'cancel' && to === 'cancelled')
      .map((row) => [row.seq, row]),
  );
  return operations.filter(({ name, result, atMs }) => {
    if (name !== 'cancel' || result?.kind !== 'done' || result.task.state !== 'cancelled') return false;
    const { finishedAt, seq } = result.task;
    const change = cancels.get(seq);
    return finishedAt !== undefined && (change === undefined || change.atMs < atMs);
  }).length;
}

/** The counts as a table for whoever reads the output of a run. */
export function printCoverage({ counts, rows, faults, flowEvents }: Coverage): string {
  const lines = (of: ReadonlyMap<string, number>): string[] =>
    [...of].map(([name, times]) => `${String(times).padStart(9)}  ${name}`);
  const { runs, steps, tasks, deliveries } = counts;
  return [
    `${steps} steps in ${runs} runs: ${tasks} tasks, ${deliveries} deliveries`,
    'rows of the state table:',
    ...lines(rows),
    'kinds of faults:',
    ...lines(faults),
    'flow control:',
    ...lines(flowEvents),
  ].join('\n');
}
