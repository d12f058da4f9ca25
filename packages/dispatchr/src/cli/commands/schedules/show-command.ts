import { DispatchrError } from '@dispatchr/client';
import type { DispatchrClient, Schedule } from '@dispatchr/client';
import type { Command } from 'commander';
import { printJson, printLines, stdoutStyle } from '../../output.ts';
import { schedulePage } from '../../schedules/schedule-page.ts';
import { readStanding, sentenceOf } from '../../tasks/read-standing.ts';
import { addConnectionOptions, withClient } from '../../with-client.ts';
import type { ConnectionFlags } from '../../with-client.ts';

/** `dispatchr schedules show`: everything about one schedule. */
export function addShowCommand(schedules: Command): void {
  const command = schedules
    .command('show')
    .description(
      'Show everything about a schedule: its ticks, what each submits, and where its last task stands.',
    )
    .argument('<name>', 'its name')
    .option('--json', 'print the schedule as a line of JSON')
    .addHelpText('after', EXAMPLES)
    .action((name: string, flags: ConnectionFlags & { json?: boolean }) =>
      withClient(flags, async (client) => {
        const schedule = await client.schedules.get(name);
        if (flags.json) return printJson([schedule]);
        const lastTask = await readLastTask(client, schedule);
        printLines(schedulePage(schedule, lastTask, stdoutStyle(), Date.now()));
      }),
    );
  addConnectionOptions(command);
}

/** Where the last task stands, if there is one and it has not been deleted. */
async function readLastTask(client: DispatchrClient, { lastTaskId }: Schedule): Promise<string | undefined> {
  if (lastTaskId === undefined) return undefined;
  try {
    const task = await client.get(lastTaskId);
    return sentenceOf(await readStanding(client, task, Date.now()), Date.now());
  } catch (error) {
    if (error instanceof DispatchrError && error.status === 404) return undefined;
    throw error;
  }
}

const EXAMPLES = `
An integer beyond 2^53 in the arguments is shown with fewer digits; GET /v1/schedules/{name} has them all.

Examples:
  dispatchr schedules show nightly-report
  dispatchr schedules show nightly-report --json`;
