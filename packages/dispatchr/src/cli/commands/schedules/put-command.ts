import type { ScheduleSettings } from '@dispatchr/client';
import { DEFAULTS } from '@dispatchr/contract';
import { Option } from 'commander';
import type { Command } from 'commander';
import { addTaskOptions } from '../../options/task-options.ts';
import { printSchedule } from '../../schedules/print-schedule.ts';
import { readSettings } from '../../schedules/read-settings.ts';
import { fillIn, requireCronAndTask, settingsOfFlags } from '../../schedules/settings-of-flags.ts';
import type { ScheduleFlags } from '../../schedules/settings-of-flags.ts';
import { isFromStandardInput, standardInput } from '../../standard-input.ts';
import { addConnectionOptions, withClient } from '../../with-client.ts';
import type { ConnectionFlags } from '../../with-client.ts';

type Flags = ScheduleFlags & ConnectionFlags & { stdin?: boolean; json?: boolean };

const { timeZone, missedTicks, overlap } = DEFAULTS.schedule;

/** `dispatchr schedules put`: makes the schedule that flags, or an object on standard input, describe, or changes it. */
export function addPutCommand(schedules: Command): void {
  const command = schedules
    .command('put')
    .description('Make a schedule, or give the one of this name other settings.')
    .argument('<name>', 'its name')
    .argument('[source]', '- reads the settings from standard input: a JSON object')
    .addHelpText('after', EXAMPLES)
    .action((name: string, source: string | undefined, flags: Flags) => put(name, source, flags));
  addTickOptions(command);
  addTaskOptions(command);
  command.option('--stdin', 'the same as -').option('--json', 'print the service’s answer, a line of JSON');
  addConnectionOptions(command);
}

function addTickOptions(command: Command): void {
  command
    .option(
      '--cron <expression>',
      "when it ticks: '*/5 * * * *', with seconds before them if there are six fields, @daily",
    )
    .option('--time-zone <zone>', `what the expression is read in, such as Europe/Berlin [${timeZone}]`)
    .addOption(
      new Option(
        '--missed-ticks <policy>',
        `what becomes of ticks while no scheduler ran [${missedTicks}]`,
      ).choices(['skip', 'one', 'all'] satisfies ScheduleFlags['missedTicks'][]),
    )
    .addOption(
      new Option(
        '--overlap <policy>',
        `what becomes of a tick while the last task is unfinished [${overlap}]`,
      ).choices(['allow', 'skip'] satisfies ScheduleFlags['overlap'][]),
    );
}

async function put(name: string, source: string | undefined, flags: Flags): Promise<void> {
  const isStdin = isFromStandardInput(source, flags);
  const fromFlags = settingsOfFlags(flags);
  const settings = isStdin
    ? fillIn(await readSettings(standardInput()), fromFlags)
    : requireCronAndTask(fromFlags);
  await withClient(flags, async (client) => {
    // What is missing from standard input is for the service to refuse.
    printSchedule(await client.schedules.put(name, settings as ScheduleSettings), flags);
  });
}

const EXAMPLES = `
A setting that is left out gets its default, of a schedule that is there already as well. The same put again changes nothing.
With - the settings are a JSON object like the body of PUT /v1/schedules/{name}; flags fill in what it leaves out.

Cron fields are minute, hour, day of month, month and day of week, each a list of values, ranges a-b and * with steps /n.

Examples:
  dispatchr schedules put nightly-report --cron '30 2 * * *' --time-zone Europe/Berlin --target http://127.0.0.1:9999/ --name report
  dispatchr schedules put nightly-report --cron @daily --overlap skip --target http://127.0.0.1:9999/ --name report --args '{"days":1}' --queue low
  dispatchr schedules put nightly-heartbeat --cron '*/10 * 0-5 * * *' --missed-ticks skip --target http://127.0.0.1:9999/ --name beat --json
  echo '{"cron":"0 6 * * MON-FRI","task":{"taskName":"report"}}' | dispatchr schedules put nightly-report - --target http://127.0.0.1:9999/`;
