import type { TaskSummary } from '@dispatchr/client';
import type { Command } from 'commander';
import { operateOnEach } from '../../operate-on-each.ts';
import { printJson, printLines } from '../../output.ts';
import { escapeControls } from '../../show/escape-controls.ts';
import { sentenceOf } from '../../tasks/read-standing.ts';
import { addConnectionOptions, withClient } from '../../with-client.ts';
import type { ConnectionFlags } from '../../with-client.ts';

/** An operation on tasks, one id at a time. */
interface Operation {
  name: 'cancel' | 'run' | 'retry' | 'delete';
  description: string;
  more: string;
}

const OPERATIONS: readonly Operation[] = [
  {
    name: 'cancel',
    description: 'Cancel tasks that have not ended.',
    more: 'The attempt in flight of a running task is not cut: if it completes the task is completed, else cancelled.',
  },
  {
    name: 'run',
    description: 'Make pending tasks due now.',
    more: 'That holds for the first delivery and for a retry, past a pause, a rate or a hold-back.',
  },
  {
    name: 'retry',
    description: 'Try tasks anew that have ended, with a fresh budget.',
    more: 'A completed task is delivered again as well.',
  },
  {
    name: 'delete',
    description: 'Delete tasks that have ended, with their attempts.',
    more: 'Cancel a task first that has not ended.',
  },
];

/** `dispatchr tasks cancel|run|retry|delete`: each goes on after an id that fails. */
export function addOperateCommands(tasks: Command): void {
  for (const operation of OPERATIONS) {
    const { name, description } = operation;
    const command = tasks
      .command(name)
      .description(description)
      .argument('<id...>', 'ids of tasks')
      .addHelpText('after', examplesOf(operation))
      .action((ids: string[], flags: ConnectionFlags & { json?: boolean }) =>
        withClient(flags, (client) =>
          operateOnEach(ids, async (id) => print(id, (await client[name](id)) ?? undefined, flags)),
        ),
      );
    if (name !== 'delete') command.option('--json', 'print a line of JSON for each task');
    addConnectionOptions(command);
  }
}

function print(id: string, task: TaskSummary | undefined, { json = false }: { json?: boolean }): void {
  if (task === undefined) return printLines([`${escapeControls(id)}  deleted`]);
  if (json) return printJson([task]);
  printLines([`${escapeControls(id)}  ${sentenceOf({ task }, Date.now())}`]);
}

function examplesOf({ name, more }: Operation): string {
  return `
${more}
With several ids it goes on after one that fails, and exits with 1 at the end.

Examples:
  dispatchr tasks ${name} order-1842
  dispatchr tasks ${name} order-1843 order-1844`;
}
