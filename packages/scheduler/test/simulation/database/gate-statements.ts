import { readNumbers, readRows } from './array-literal-reader.ts';
import { claimAll, mayClaim, readClaimant, withinOriginLimits, type Claimant } from './claiming.ts';
import type { SimulatedStatement, StatementContext } from './statement-run.ts';
import { gateKey, type Tables, type UnfinishedTask } from './tables.ts';

/** A gate as a claim asks for it. */
interface AskedGate {
  readonly queue: string;
  readonly flowKey: string;
  readonly most: number | undefined;
  readonly intervalMs: number | undefined;
  readonly capacity: number | undefined;
}

interface Share {
  readonly queue: string;
  readonly flowKey: string;
  readonly quota: number;
  readonly queueQuota: number;
  readonly priorities: readonly number[];
}

/** What is next of a share: its first task has turn 1. */
interface Turn {
  readonly task: UnfinishedTask;
  readonly share: Share;
  readonly turn: number;
}

/** The parameters of claim-flow-keys.ts before those of every claim, in their order. */
const PARAMETERS = [
  'queues',
  'queueNumbers',
  'flowKeys',
  'quotas',
  'queueQuotas',
  'versions',
  'priorities',
  'firsts',
  'lasts',
  'runs',
  'gateQueues',
  'gateFlowKeys',
  'gateConcurrencies',
  'gateIntervalsMs',
  'gateCapacities',
] as const;

type Values = Readonly<Record<(typeof PARAMETERS)[number], unknown>>;

/** Mirrors claim-flow-keys.ts. */
export const claimFlowKeys: SimulatedStatement = (context, all) => {
  const { tables, rules } = context;
  const values = Object.fromEntries(PARAMETERS.map((name, index) => [name, all[index]])) as Values;
  const claimant = readClaimant(all.slice(PARAMETERS.length));
  const gates = readGates(values);
  const shares = readShares(context, values);
  const runs = readNumbers(values.runs);
  const roomOfGates = (): Map<string, number> =>
    new Map(gates.map((gate) => [keyOf(gate), roomOf(context, gate)]));
  const roomBefore = rules.gatesLock ? undefined : roomOfGates();
  const keys = gates.map(keyOf).toSorted();
  let turns: readonly Turn[] = [];
  return {
    found: rules.gatesLock ? keys : [],
    locks: true,
    stillMatches: (key) => tables.gates.has(key as string),
    passingBy() {
      turns = shares.flatMap((share) => turnsOf(context, share, claimant, runs));
      return turns.map(({ task }) => task.seq);
    },
    write() {
      const claimed = withinGates(turns, roomBefore ?? roomOfGates(), claimant);
      count(context, claimed, gates);
      const counting = new Set(gates.filter(({ most }) => most !== undefined).map(keyOf));
      if (runs.length > 0) for (const _ of claimed) context.note('run past a limit or a pause');
      for (const _ of claimed) context.note('claimed by flow keys');
      return claimAll(context, claimed, claimant, ({ queue, flowKey }) => {
        const bits =
          (counting.has(gateKey(queue, '')) ? 1 : 0) + (counting.has(gateKey(queue, flowKey)) ? 2 : 0);
        return rules.bitsOfClaim(bits);
      });
    },
  };
};

const keyOf = ({ queue, flowKey }: { queue: string; flowKey: string }): string => gateKey(queue, flowKey);

function readGates(values: Values): AskedGate[] {
  const { gateQueues, gateFlowKeys, gateConcurrencies, gateIntervalsMs, gateCapacities } = values;
  const number = (text: string | null): number | undefined => (text === null ? undefined : Number(text));
  return readRows({
    queue: gateQueues,
    flowKey: gateFlowKeys,
    most: gateConcurrencies,
    intervalMs: gateIntervalsMs,
    capacity: gateCapacities,
  }).map(({ queue, flowKey, most, intervalMs, capacity }) => ({
    queue,
    flowKey,
    most: number(most),
    intervalMs: number(intervalMs),
    capacity: number(capacity),
  }));
}

/** Those that were made for the settings which the queues have now. */
function readShares({ tables, rules, note }: StatementContext, values: Values): Share[] {
  const { queues, flowKeys, quotas, queueQuotas, versions, firsts, lasts } = values;
  const priorities = readNumbers(values.priorities);
  return readRows({
    queue: queues,
    flowKey: flowKeys,
    quota: quotas,
    queueQuota: queueQuotas,
    version: versions,
    first: firsts,
    last: lasts,
  }).flatMap(({ queue, flowKey, quota, queueQuota, version, first, last }) => {
    if (!rules.isSameVersion(version, tables.queues.get(queue)?.version ?? '')) {
      note('another version');
      return [];
    }
    const lanes = priorities.slice(Number(first) - 1, Number(last));
    return [{ queue, flowKey, quota: Number(quota), queueQuota: Number(queueQuota), priorities: lanes }];
  });
}

function roomOf(
  context: StatementContext,
  { queue, flowKey, most, intervalMs, capacity }: AskedGate,
): number {
  const { tables, nowMs } = context;
  const row = tables.gates.get(gateKey(queue, flowKey));
  if (row === undefined) return 0;
  const slots = most === undefined ? Infinity : most - row.inFlight;
  const starts =
    intervalMs === undefined
      ? Infinity
      : Math.floor(capacity! + 1e-6 - Math.max(0, row.tat - nowMs) / intervalMs);
  if (slots <= 0) context.note('full by concurrency');
  else if (starts <= 0) context.note('full by rate');
  return Math.max(0, Math.min(slots, starts));
}

function turnsOf(
  context: StatementContext,
  share: Share,
  claimant: Claimant,
  runs: readonly number[],
): Turn[] {
  const isClaimable = mayClaim(context, claimant);
  const ofKey = [...context.tables.unfinished.values()].filter(
    (task) => task.queue === share.queue && task.flowKey === share.flowKey && isClaimable(task),
  );
  const found =
    runs.length > 0
      ? runs.flatMap(
          (run) => ofKey.find(({ seq, unfinished }) => seq === run && unfinished.runAt !== null) ?? [],
        )
      : inLanes(ofKey, share);
  return found.map((task, index) => ({ task, share, turn: index + 1 }));
}

function inLanes(tasks: readonly UnfinishedTask[], { priorities, quota }: Share): UnfinishedTask[] {
  return priorities
    .flatMap((priority) =>
      tasks
        .filter((task) => task.priority === priority && task.unfinished.parkedFor === null)
        .toSorted((a, b) => a.unfinished.dueAt - b.unfinished.dueAt),
    )
    .slice(0, quota);
}

/** What the gates of the flow keys leave, then those of the queues, then the origins. */
function withinGates(
  turns: readonly Turn[],
  room: ReadonlyMap<string, number>,
  claimant: Claimant,
): UnfinishedTask[] {
  const places = new Map<string, number>();
  const placed = turns
    .filter(({ share, turn }) => turn <= (room.get(keyOf(share)) ?? Infinity))
    .toSorted((a, b) => a.turn - b.turn)
    .flatMap(({ task, share: { queue, queueQuota } }) => {
      const place = (places.get(queue) ?? 0) + 1;
      places.set(queue, place);
      return place <= (room.get(gateKey(queue, '')) ?? Infinity) ? [{ task, part: place / queueQuota }] : [];
    });
  return withinOriginLimits(placed, claimant);
}

function count(
  context: StatementContext,
  claimed: readonly UnfinishedTask[],
  gates: readonly AskedGate[],
): void {
  const { tables, rules, nowMs } = context;
  for (const { queue, flowKey, most, intervalMs } of gates) {
    const passed = claimed.filter(
      (task) => task.queue === queue && (flowKey === '' || task.flowKey === flowKey),
    ).length;
    const row = tables.gates.get(gateKey(queue, flowKey));
    if (row === undefined || passed === 0) continue;
    if (most !== undefined) row.inFlight += rules.addedByClaim(passed);
    if (intervalMs !== undefined) row.tat = Math.max(row.tat, nowMs) + rules.costOfClaim(passed, intervalMs);
    context.logGate(queue, flowKey);
    for (let task = 1; task <= passed; task += 1) {
      if (most !== undefined) context.note(flowKey === '' ? 'counted in a queue' : 'counted in a flow key');
      if (intervalMs !== undefined) context.note('paid by a rate');
    }
  }
}

/** Takes what ended off the gates that counted it. */
export function takeOffGates(context: StatementContext, ended: ReadonlyMap<string, number>): void {
  const { tables, rules } = context;
  for (const [key, tasks] of ended) {
    const row = tables.gates.get(key);
    if (row === undefined) continue;
    row.inFlight -= rules.takenOffBySettle(tasks);
    context.logGate(row.queue, row.flowKey);
  }
}

/** The gates that count a task. */
export function gatesOf({ queue, flowKey, unfinished: { gate } }: UnfinishedTask): string[] {
  return [
    ...((gate & 1) === 1 ? [gateKey(queue, '')] : []),
    ...((gate & 2) === 2 ? [gateKey(queue, flowKey)] : []),
  ];
}

/** Mirrors create-gates.ts. */
export const createGates: SimulatedStatement = ({ tables }, [queues, flowKeys]) => {
  const missing = readRows({ queue: queues, flowKey: flowKeys });
  return {
    // A gate that somebody else makes just then is waited for.
    found: missing.map(keyOf).toSorted(),
    locks: true,
    stillMatches: (key) => !tables.gates.has(key as string),
    write() {
      for (const gate of missing) gateAt(tables, gate);
      return [];
    },
  };
};

/** The gate's row, made if it is not there. */
export function gateAt({ gates }: Tables, { queue, flowKey }: { queue: string; flowKey: string }) {
  const key = gateKey(queue, flowKey);
  const row = gates.get(key) ?? { queue, flowKey, inFlight: 0, tat: 0 };
  gates.set(key, row);
  return row;
}

const HOUR_MS = 3_600_000;

/** Mirrors remove-idle-gates.ts. */
export const removeIdleGates: SimulatedStatement = ({ tables, nowMs, isLocked }, [limit]) => ({
  found: [],
  locks: true,
  stillMatches: () => true,
  passingBy: () =>
    [...tables.gates]
      .filter(
        ([key, row]) =>
          row.flowKey !== '' && row.inFlight === 0 && row.tat < nowMs - HOUR_MS && !isLocked(key),
      )
      .slice(0, Number(limit))
      .map(([key]) => key),
  write: (keys) =>
    keys.map((key) => {
      tables.gates.delete(key as string);
      return { queue: key };
    }),
});
