import { readLanes, readRows, type SearchedLane } from './array-literal-reader.ts';
import { isUnexpired } from './rules.ts';
import type { Row } from './row.ts';
import { toDate, type SimulatedStatement, type StatementContext } from './statement-run.ts';
import { gateKey, type Tables, type UnfinishedTask } from './tables.ts';

/** Mirrors find-due-lanes.ts. */
export const findDueLanes: SimulatedStatement = (context) => lookAt(context, () => -Infinity);

/** Mirrors the look at known lanes; undefined for a lane that is none of them. */
export const lookAtLanes: SimulatedStatement = (context, [queues, priorities, sinces]) => {
  const known = new Map(
    readRows({ queue: queues, priority: priorities, since: sinces }).map(({ queue, priority, since }) => [
      `${queue}/${priority}`,
      Date.parse(since),
    ]),
  );
  return lookAt(context, (lane) => known.get(lane));
};

function lookAt(
  { tables, nowMs }: StatementContext,
  sinceOf: (lane: string) => number | undefined,
): { rows: Row[] } {
  const lanes = new Map<string, { queue: string; priority: number; dueAt: number; nextDueAt: number }>();
  for (const { queue, priority, unfinished: row } of tables.unfinished.values()) {
    if (row.parkedFor !== null) continue;
    const name = `${queue}/${priority}`;
    const since = sinceOf(name);
    if (since === undefined) continue;
    let lane = lanes.get(name);
    if (lane === undefined)
      lanes.set(name, (lane = { queue, priority, dueAt: Infinity, nextDueAt: Infinity }));
    if (row.dueAt > nowMs) lane.nextDueAt = Math.min(lane.nextDueAt, row.dueAt);
    else if (row.dueAt >= since && row.state === 'pending' && isUnexpired(row, nowMs))
      lane.dueAt = Math.min(lane.dueAt, row.dueAt);
  }
  const hasRunRequests = runRequests(tables).length > 0;
  // By queue and priority, from the highest down, as the hops come.
  const inOrder = [...lanes.values()].toSorted((a, b) =>
    a.queue === b.queue ? b.priority - a.priority : a.queue < b.queue ? 1 : -1,
  );
  const rows = inOrder.map(({ queue, priority, dueAt, nextDueAt }) => ({
    queue,
    priority,
    due_since: dueAt === Infinity ? null : toDate(dueAt),
    next_due_in_ms: nextDueAt === Infinity ? null : nextDueAt - nowMs,
    as_of: toDate(nowMs),
    has_run_requests: hasRunRequests ? true : null,
    ...settingsColumns(tables, queue),
    has_limited_flow_keys: hasLimitedFlowKeys(tables, queue) ? true : null,
    ...countColumns(tables, queue, '', nowMs),
  }));
  return { rows };
}

/** Mirrors find-due-flow-keys.ts. */
export const findDueFlowKeys: SimulatedStatement = (context, values) => {
  const [queues, afters, mosts, priorities, sinces, firsts, lasts] = values;
  const all = readLanes(priorities, sinces);
  const searches = readRows({ queue: queues, after: afters, most: mosts, first: firsts, last: lasts });
  const rows = searches.flatMap(({ queue, after, most, first, last }) =>
    hop(context, {
      queue,
      after,
      most: Number(most),
      lanes: all.slice(Number(first) - 1, Number(last)),
    }),
  );
  return { rows };
};

interface Search {
  readonly queue: string;
  readonly after: string;
  readonly most: number;
  readonly lanes: readonly SearchedLane[];
}

function hop({ tables, nowMs }: StatementContext, { queue, after, most, lanes }: Search): Row[] {
  const isDue = new Map<string, boolean>();
  for (const { queue: ofTask, flowKey, priority, unfinished: row } of tables.unfinished.values()) {
    if (ofTask !== queue || flowKey <= after || row.parkedFor !== null) continue;
    const isClaimable = row.state === 'pending' && row.dueAt <= nowMs && isUnexpired(row, nowMs);
    const isSought = lanes.some((lane) => lane.priority === priority && row.dueAt >= lane.sinceMs);
    isDue.set(flowKey, isDue.get(flowKey) === true || (isClaimable && isSought));
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
