import type { DispatchrClient } from '@dispatchr/client';
import type { Command } from 'commander';
import { operateOnEach } from '../../operate-on-each.ts';
import { printJson, printLines } from '../../output.ts';
import { printSchedule } from '../../schedules/print-schedule.ts';
import { escapeControls } from '../../show/escape-controls.ts';
import { sentenceOf } from '../../tasks/read-standing.ts';
import { addConnectionOptions, withClient } from '../../with-client.ts';
import type { ConnectionFlags } from '../../with-client.ts';

type Flags = ConnectionFlags & { json?: boolean };

/** An operation on schedules, one name at a time. */
interface Operation {
  name: 'pause' | 'resume' | 'run' | 'delete';
  description: string;
  more: string;
  /** Does it, and prints what came of it. */
  operate: (client: DispatchrClient, name: string, flags: Flags) => Promise<void>;
}

const OPERATIONS: readonly Operation[] = [
  {
    name: 'pause',
    description: 'Have the ticks of schedules left out until they are resumed.',
    more: 'Tasks that were recorded already are delivered all the same.',
    operate: async (client, name, flags) => printSchedule(await client.schedules.pause(name), flags),
  },
  {
    name: 'resume',
    description: 'Have paused schedules tick again.',
    more: 'The ticks of the pause are not made up for.',
    operate: async (client, name, flags) => printSchedule(await client.schedules.resume(name), flags),
  },
  {
    name: 'run',
    description: 'Submit the tasks of schedules now, beside their ticks; of paused ones too.',
    more: `The id of the task is printed, for 'dispatchr tasks show'. It is sent once: when no answer comes, look at the last task that
'dispatchr schedules show' tells of before you run it again.`,
    operate: run,
  },
  {
    name: 'delete',
    description: 'Delete schedules; tasks that they recorded stay.',
    more: 'A schedule that is to come back is better paused.',
    operate: async (client, name) => {
      await client.schedules.delete(name);
      printLines([`${escapeControls(name)}  deleted`]);
    },
  },
];

/** `dispatchr schedules pause|resume|run|delete`: each goes on after a name that fails. */
export function addOperateCommands(schedules: Command): void {
  for (const operation of OPERATIONS) {
    const { name, description, operate } = operation;
    const command = schedules
      .command(name)
      .description(description)
      .argument('<name...>', 'names of schedules')
      .addHelpText('after', examplesOf(operation))
      .action((names: string[], flags: Flags) =>
        withClient(flags, (client) => operateOnEach(names, (one) => operate(client, one, flags))),
      );
    if (name !== 'delete') command.option('--json', 'print a line of JSON for each');
    addConnectionOptions(command);
  }
}

async function run(client: DispatchrClient, name: string, { json = false }: Flags): Promise<void> {
  const task = await client.schedules.run(name);
  if (json) return printJson([task]);
  printLines([
    `${escapeControls(name)}  task ${escapeControls(task.id)}  ${sentenceOf({ task }, Date.now())}`,
  ]);
}

function examplesOf({ name, more }: Operation): string {
  return `
${more}
With several names it goes on after one that fails, and exits with 1 at the end.

Examples:
  dispatchr schedules ${name} nightly-report
  dispatchr schedules ${name} nightly-report nightly-cleanup`;
}
