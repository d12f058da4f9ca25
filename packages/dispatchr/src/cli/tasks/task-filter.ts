import type { TaskFilter } from '@dispatchr/client';
import { TASK_STATES } from '@dispatchr/contract';
import { Option } from 'commander';
import type { Command } from 'commander';
import { parseInstantAgo } from '../options/parse-instant.ts';

/** Flags that say which tasks; the same as the filters of the API. */
export interface FilterFlags {
  state?: (typeof TASK_STATES)[number];
  queue?: string;
  flowKey?: string;
  name?: string;
  target?: string;
  createdAfter?: string;
  createdBefore?: string;
}

/** Adds a flag for each filter of the API. */
export function addFilterOptions(command: Command): Command {
  const instant = (text: string): string => parseInstantAgo(text, Date.now());
  return command
    .addOption(new Option('--state <state>', 'only in this state').choices(TASK_STATES))
    .option('--queue <queue>', 'only of this queue')
    .option('--flow-key <key>', 'only of this flow key')
    .option('--name <name>', 'only of this name')
    .option('--target <url>', 'only for exactly this target')
    .option(
      '--created-after <instant>',
      'only recorded at this instant or later; 2h means 2 hours ago',
      instant,
    )
    .option('--created-before <instant>', 'only recorded before this instant; 2h means 2 hours ago', instant);
}

/** The filter that flags make. */
export function filterOf({ name, ...flags }: FilterFlags): TaskFilter {
  const { state, queue, flowKey, target, createdAfter, createdBefore } = flags;
  const members = { state, queue, flowKey, taskName: name, target, createdAfter, createdBefore };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
