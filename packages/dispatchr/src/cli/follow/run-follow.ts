import { setTimeout as sleep } from 'node:timers/promises';
import type { DispatchrClient, TaskSummary } from '@dispatchr/client';
import { endWhenLeft } from '../end-when-left.ts';
import { printJson, printLines, printNote, stdoutStyle } from '../output.ts';
import { clockTimeExactly } from '../show/durations.ts';
import { escapeControls } from '../show/escape-controls.ts';
import { paint, toneOfState } from '../show/output-style.ts';
import type { OutputStyle } from '../show/output-style.ts';
import { readStandings, sentenceOf } from '../tasks/read-standing.ts';
import type { Standing } from '../tasks/read-standing.ts';
import { filterOf } from '../tasks/task-filter.ts';
import type { FilterFlags } from '../tasks/task-filter.ts';
import { failureOf, withClient } from '../with-client.ts';
import type { ConnectionFlags } from '../with-client.ts';
import { createFollower } from './follow-tasks.ts';

/** The pause between two rounds, in milliseconds, unless another is asked for. */
export const DEFAULT_EVERY_MS = 1000;
/** For so many of the changes of a round more than the summary is read: the last ones. */
export const DESCRIBED_A_ROUND = 10;

/** Flags of `dispatchr tasks follow`; `every` is in milliseconds. */
export type FollowFlags = FilterFlags & ConnectionFlags & { every: number; json?: boolean };

/** The columns that a state takes, so that what follows is aligned. */
const STATE_WIDTH = 'completed'.length;

/** Prints what appears and changes, until Ctrl-C; fails if the service does not answer the first round. */
export function runFollow(flags: FollowFlags): Promise<void> {
  endWhenLeft();
  return withClient(flags, async (client) => {
    const follower = createFollower(client, filterOf(flags));
    const nextRound = async (): Promise<void> => print(client, await follower.round(), flags);
    await nextRound();
    for (let isAway = false; ;) {
      await sleep(flags.every);
      isAway = await survive(nextRound, isAway);
    }
  });
}

/** A service that is away for a while is told of once, and followed on when it is back; answers whether it is away. */
async function survive(nextRound: () => Promise<void>, wasAway: boolean): Promise<boolean> {
  try {
    await nextRound();
    if (wasAway) printNote('dispatchr: the service answers again');
    return false;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    if (!wasAway) printNote(`dispatchr: ${failure.message}; it is asked again`);
    return true;
  }
}

async function print(
  client: DispatchrClient,
  changed: readonly TaskSummary[],
  { json = false }: FollowFlags,
): Promise<void> {
  if (json) return printJson(changed);
  const brief = changed.slice(0, -DESCRIBED_A_ROUND).map((task) => ({ task }));
  const described = await readStandings(client, changed.slice(-DESCRIBED_A_ROUND), Date.now());
  const style = stdoutStyle();
  const nowMs = Date.now();
  printLines([...brief, ...described].map((standing) => changeLine(standing, style, nowMs)));
}

function changeLine(standing: Standing, style: OutputStyle, nowMs: number): string {
  const { id, state, taskName = '' } = standing.task;
  const shown = escapeControls(state);
  return [
    paint(clockTimeExactly(nowMs), 'dim', style),
    `${paint(shown, toneOfState(state), style)}${' '.repeat(Math.max(0, STATE_WIDTH - shown.length))}`,
    escapeControls(id),
    escapeControls(taskName),
    sentenceOf(standing, nowMs),
  ].join('  ');
}
