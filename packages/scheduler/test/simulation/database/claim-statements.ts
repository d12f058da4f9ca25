import { readLanes, readRows, type SearchedLane } from './array-literal-reader.ts';
import { claimAll, mayClaim, readClaimant, withinOriginLimits, type Placed } from './claiming.ts';
import type { SimulatedStatement, StatementContext } from './statement-run.ts';
import type { UnfinishedTask } from './tables.ts';

/** Mirrors claim-due-tasks.ts. */
export const claimDueTasks: SimulatedStatement = (context, values) => {
  const { rules } = context;
  const claimant = readClaimant(values.slice(7));
  const shares = readShares(context, values);
  let claimed: readonly UnfinishedTask[] = [];
  const find = (): readonly number[] => {
    const placed = shares.flatMap((share) => pick(context, share, mayClaim(context, claimant)));
    claimed = withinOriginLimits(placed, claimant);
    return placed.map(({ task }) => task.seq);
  };
  // Without locks two claims find the same.
  if (!rules.claimsLock) find();
  return {
    found: [],
    locks: true,
    stillMatches: () => true,
    passingBy: rules.claimsLock ? find : () => [],
    write: () => claimAll(context, claimed, claimant, () => 0),
  };
};

interface Share {
  readonly queue: string;
  readonly quota: number;
  /** In the order in which they are claimed. */
  readonly lanes: readonly SearchedLane[];
}

/** Those that were made for the settings which the queues have now. */
function readShares({ tables, rules, note }: StatementContext, values: readonly unknown[]): Share[] {
  const [queues, quotas, versions, priorities, sinces, firsts, lasts] = values;
  const all = readLanes(priorities, sinces);
  return readRows({ queue: queues, quota: quotas, version: versions, first: firsts, last: lasts }).flatMap(
    ({ queue, quota, version, first, last }) => {
      if (!rules.isSameVersion(version, tables.queues.get(queue)?.version ?? '')) {
        note('another version');
        return [];
      }
      return [{ queue, quota: Number(quota), lanes: all.slice(Number(first) - 1, Number(last)) }];
    },
  );
}

function pick(
  { tables }: StatementContext,
  { queue, quota, lanes }: Share,
  isClaimable: (task: UnfinishedTask) => boolean,
): Placed[] {
  const claimable = [...tables.unfinished.values()].filter(
    (task) => task.queue === queue && task.unfinished.parkedFor === null && isClaimable(task),
  );
  return lanes
    .flatMap(({ priority, sinceMs }) =>
      claimable
        .filter((task) => task.priority === priority && task.unfinished.dueAt >= sinceMs)
        .toSorted((a, b) => a.unfinished.dueAt - b.unfinished.dueAt),
    )
    .slice(0, quota)
    .map((task, index) => ({ task, part: (index + 1) / quota }));
}
