import type { Command } from 'commander';
import { printJson, printLines, stdoutStyle } from '../../output.ts';
import { readAll } from '../../tasks/read-all.ts';
import { taskPage } from '../../tasks/task-page.ts';
import { addConnectionOptions, withClient } from '../../with-client.ts';
import type { ConnectionFlags } from '../../with-client.ts';

/** The largest page that the API gives. */
const LARGEST_PAGE = 1000;

/** `dispatchr tasks show`: everything about one task. */
export function addShowCommand(tasks: Command): void {
  const command = tasks
    .command('show')
    .description(
      'Show everything about a task: where it stands, its content, and its attempts as a timeline.',
    )
    .argument('<id>', 'its id')
    .option('--json', 'print {"task": …, "attempts": […]} on one line')
    .addHelpText('after', EXAMPLES)
    .action((id: string, flags: ConnectionFlags & { json?: boolean }) =>
      withClient(flags, async (client) => {
        const task = await client.get(id);

        const attempts = await readAll(client.attempts(id, { limit: LARGEST_PAGE }));
        if (flags.json) return printJson([{ task, attempts }]);
        printLines(taskPage(task, attempts, stdoutStyle(), Date.now()));
      }),
    );
  addConnectionOptions(command);
}

const EXAMPLES = `
An integer beyond 2^53 in the arguments is shown with fewer digits; GET /v1/tasks/{id} has them all.

Examples:
  dispatchr tasks show order-1842
  dispatchr tasks show order-1842 --json`;
