import type { DispatchrClient, List } from '@dispatchr/client';
import type { Command } from 'commander';
import { DEFAULT_EVERY_MS, runFollow } from '../../follow/run-follow.ts';
import { integerFrom } from '../../options/parse-integer.ts';
import { printJson, printLines, printNote, stdoutStyle } from '../../output.ts';
import { addFilterOptions, filterOf } from '../../tasks/task-filter.ts';
import type { FilterFlags } from '../../tasks/task-filter.ts';
import { DETAILED_TASKS, readStandings } from '../../tasks/read-standing.ts';
import { taskTable } from '../../tasks/task-table.ts';
import { addConnectionOptions, withClient } from '../../with-client.ts';
import type { ConnectionFlags } from '../../with-client.ts';

type Flags = FilterFlags & ConnectionFlags & { limit?: number; json?: boolean; follow?: boolean };

const DEFAULT_LIMIT = 20;
const MOST_TASKS = 1_000_000;
/** What the API gives at once at most. */
const LARGEST_PAGE = 1000;

/** `dispatchr tasks list`: the newest tasks that pass the filters, each with its sentence. */
export function addListCommand(tasks: Command): void {
  const command = tasks
    .command('list', { isDefault: true })
    .description('List tasks, newest first (default).')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) =>
      flags.follow
        ? runFollow({ ...flags, every: DEFAULT_EVERY_MS })
        : withClient(flags, (client) => list(client, flags)),
    );
  addFilterOptions(command)
    .option('--limit <n>', `at most so many [${DEFAULT_LIMIT}]`, integerFrom(1, MOST_TASKS))
    .option('--follow', "go on and print what changes: 'dispatchr tasks follow'")
    .option('--json', 'print a line of JSON for each task');
  addConnectionOptions(command);
}

async function list(client: DispatchrClient, flags: Flags): Promise<void> {
  const { limit = DEFAULT_LIMIT, json = false } = flags;
  const found = await take(client.list({ ...filterOf(flags), limit: Math.min(limit, LARGEST_PAGE) }), limit);
  if (json) return printJson(found.items);
  if (found.items.length === 0) return printNote('No tasks.');
  const standings = await readStandings(client, found.items, Date.now());
  printLines(taskTable(standings, stdoutStyle(), Date.now()));
  if (found.isCut) printNote(`There are more: --limit ${limit * 2} shows the next ones too.`);
}

async function take<Item>(items: List<Item>, limit: number): Promise<{ items: Item[]; isCut: boolean }> {
  const taken: Item[] = [];
  for await (const page of items.pages()) {
    taken.push(...page.items);
    const isCut = taken.length > limit || (taken.length === limit && page.nextCursor !== undefined);
    if (taken.length >= limit) return { items: taken.slice(0, limit), isCut };
  }
  return { items: taken, isCut: false };
}

const EXAMPLES = `
For the sentences of the first ${DETAILED_TASKS} tasks it asks the service up to two things about each; --json does not.
Examples:
  dispatchr tasks list
  dispatchr tasks list --state failed --created-after 1h
  dispatchr tasks list --queue default --name hello --limit 100
  dispatchr tasks list --state completed --json`;
