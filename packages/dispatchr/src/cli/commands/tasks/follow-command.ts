import { Option } from 'commander';
import type { Command } from 'commander';
import { MOST_REMEMBERED, NEWEST_A_ROUND, READ_A_ROUND } from '../../follow/follow-tasks.ts';
import { DEFAULT_EVERY_MS, DESCRIBED_A_ROUND, runFollow } from '../../follow/run-follow.ts';
import type { FollowFlags } from '../../follow/run-follow.ts';
import { durationFrom } from '../../options/parse-duration.ts';
import { durationInWords } from '../../show/durations.ts';
import { addFilterOptions } from '../../tasks/task-filter.ts';
import { addConnectionOptions } from '../../with-client.ts';

/** Rounds that follow each other faster cost the service more than they show. */
const LEAST_EVERY_MS = 100;

/** `dispatchr tasks follow`: prints a line whenever a task appears or changes, until Ctrl-C. */
export function addFollowCommand(tasks: Command): void {
  const command = tasks
    .command('follow')
    .description('Print a line whenever a task appears or changes, until Ctrl-C.')
    .addHelpText('after', EXAMPLES)
    .action((flags: Partial<FollowFlags>) => runFollow({ every: DEFAULT_EVERY_MS, ...flags }));
  addFilterOptions(command)
    .addOption(
      new Option(
        '--every <duration>',
        `the pause between rounds [${durationInWords(DEFAULT_EVERY_MS)}]`,
      ).argParser(durationFrom(LEAST_EVERY_MS)),
    )
    .option('--json', 'print a line of JSON for each change');
  addConnectionOptions(command);
}

const EXAMPLES = `
It asks the service in rounds. Each costs one list of the ${NEWEST_A_ROUND} newest tasks that pass the filters, at most ${READ_A_ROUND} reads of
unfinished tasks that it has seen and that are no longer among them (it remembers ${MOST_REMEMBERED}), and at most two requests
for each of the last ${DESCRIBED_A_ROUND} changes, for their sentences. So what changes twice between two rounds is printed once, and what
is older than the newest ${NEWEST_A_ROUND} only if it was seen before. With --state only changes into that state are printed.

Examples:
  dispatchr tasks follow
  dispatchr tasks follow --queue default --every 5s
  dispatchr tasks follow --state completed --json`;
