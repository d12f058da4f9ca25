import { readNumbers, readRows } from './array-literal-reader.ts';
import { isUnexpired } from './rules.ts';
import type { Row } from './row.ts';
import { toDate, type SimulatedStatement, type StatementContext } from './statement-run.ts';
import { gateKey, type Tables, type UnfinishedTask } from './tables.ts';

/** Mirrors find-due-lanes.ts. */
export const findDueLanes: SimulatedStatement = ({ tables, nowMs }) => {
  const lanes = new Map<string, { queue: string; priority: number; due: boolean; nextDueAt: number }>();
  for (const { queue, priority, unfinished: row } of tables.unfinished.values()) {
    if (row.parkedFor !== null) continue;
    const name = `${queue}/${priority}`;
    let lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, (lane = { queue, priority, due: false, nextDueAt: Infinity }));
    if (row.dueAt > nowMs) lane.nextDueAt = Math.min(lane.nextDueAt, row.dueAt);
    else if (row.state === 'pending' && isUnexpired(row, nowMs)) lane.due = true;
  }
  const hasRunRequests = runRequests(tables).length > 0;
  // By queue and priority, from the highest down, as the hops come.
  const inOrder = [...lanes.values()].toSorted((a, b) =>
    a.queue === b.queue ? b.priority - a.priority : a.queue < b.queue ? 1 : -1,
  );
  const rows = inOrder.map(({ queue, priority, due, nextDueAt }) => ({
    queue,
    priority,
    due: due ? true : null,
    next_due_in_ms: nextDueAt === Infinity ? null : nextDueAt - nowMs,
    as_of: toDate(nowMs),
    has_run_requests: hasRunRequests ? true : null,
    ...settingsColumns(tables, queue),
    has_limited_flow_keys: hasLimitedFlowKeys(tables, queue) ? true : null,
    ...countColumns(tables, queue, '', nowMs),
  }));
  return { rows };
};

/** Mirrors find-due-flow-keys.ts. */
export const findDueFlowKeys: SimulatedStatement = (context, values) => {
  const [queues, afters, mosts, priorities, firsts, lasts] = values;
  const all = readNumbers(priorities);
  const searches = readRows({ queue: queues, after: afters, most: mosts, first: firsts, last: lasts });
  const rows = searches.flatMap(({ queue, after, most, first, last }) =>
    hop(context, {
      queue,
      after,
      most: Number(most),
      priorities: all.slice(Number(first) - 1, Number(last)),
    }),
  );
  return { rows };
};

interface Search {
  readonly queue: string;
  readonly after: string;
  readonly most: number;
  readonly priorities: readonly number[];
}

function hop({ tables, nowMs }: StatementContext, { queue, after, most, priorities }: Search): Row[] {
  const isDue = new Map<string, boolean>();
  for (const { queue: ofTask, flowKey, priority, unfinished: row } of tables.unfinished.values()) {
    if (ofTask !== queue || flowKey <= after || row.parkedFor !== null) continue;
    const isClaimable = row.state === 'pending' && row.dueAt <= nowMs && isUnexpired(row, nowMs);
    isDue.set(flowKey, isDue.get(flowKey) === true || (isClaimable && priorities.includes(priority)));
  }
  return [...isDue.keys()]
    .toSorted()
    .slice(0, most)
    .map((flowKey, index) => ({
      queue,
      flow_key: flowKey,
      hop: index + 1,
      is_due: isDue.get(flowKey) === true ? true : null,
      ...tables.flowKeys.get(gateKey(queue, flowKey)),
      ...countColumns(tables, queue, flowKey, nowMs),
    }));
}

/** Mirrors find-run-requests.ts. */
export const findRunRequests: SimulatedStatement = ({ tables, nowMs }, [limit]) => {
  const rows = runRequests(tables)
    .toSorted((a, b) => a.unfinished.runAt! - b.unfinished.runAt!)
    .slice(0, Number(limit))
    .map(({ seq, queue, flowKey, priority }) => {
      const own = tables.flowKeys.get(gateKey(queue, flowKey)) ?? {};
      return {
        ...settingsColumns(tables, queue),
        ...countColumns(tables, queue, '', nowMs),
        ...Object.fromEntries(Object.entries(own).map(([name, value]) => [`key_${name}`, value])),
        key_in_flight: tables.gates.get(gateKey(queue, flowKey))?.inFlight ?? null,
        seq,
        queue,
        flow_key: flowKey,
        priority,
      };
    });
  return { rows };
};

function runRequests({ unfinished }: Tables): UnfinishedTask[] {
  return [...unfinished.values()].filter(
    ({ unfinished: row }) => row.runAt !== null && row.state === 'pending',
  );
}

/** The settings of a queue with their version; nothing where it has none. */
export function settingsColumns({ queues }: Tables, queue: string): Row {
  const row = queues.get(queue);
  return row === undefined ? {} : { ...row.columns, version: row.version };
}

function hasLimitedFlowKeys({ flowKeys }: Tables, queue: string): boolean {
  const prefix = gateKey(queue, '');
  return [...flowKeys.keys()].some((key) => key.startsWith(prefix));
}

function countColumns({ gates }: Tables, queue: string, flowKey: string, nowMs: number): Row {
  const gate = gates.get(gateKey(queue, flowKey));
  return gate === undefined ? {} : { in_flight: gate.inFlight, tat_in_ms: gate.tat - nowMs };
}
