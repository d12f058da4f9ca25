import type { DispatchrClient } from '@dispatchr/client';
import { Option } from 'commander';
import type { Command } from 'commander';
import { parseDuration } from '../options/parse-duration.ts';
import { parseInstantAhead } from '../options/parse-instant.ts';
import { addTaskOptions } from '../options/task-options.ts';
import { printNote } from '../output.ts';
import { durationInWords } from '../show/durations.ts';
import { isFromStandardInput, standardInput } from '../standard-input.ts';
import { readTasks } from '../submit/read-tasks.ts';
import type { TaskGroup } from '../submit/read-tasks.ts';
import { createSubmitter } from '../submit/submit-tasks.ts';
import type { SubmitFlags } from '../submit/submit-tasks.ts';
import { requireTargetAndName, submissionOfFlags } from '../submit/submission-of-flags.ts';
import type { SubmissionFlags } from '../submit/submission-of-flags.ts';
import { addConnectionOptions, withClient } from '../with-client.ts';
import type { ConnectionFlags } from '../with-client.ts';

/** With `--wait` alone commander says true. */
type Flags = SubmissionFlags &
  Omit<SubmitFlags, 'wait'> &
  ConnectionFlags & { wait?: number | true; stdin?: boolean };

const DEFAULT_WAIT_MS = 60_000;

/** `dispatchr submit`: submits the task that flags describe, or those on standard input, and waits for them if asked to. */
export function addSubmitCommand(program: Command): void {
  const command = program
    .command('submit')
    .description('Submit a task, or many from standard input; print where each stands.')
    .argument('[source]', '- reads tasks from standard input: a JSON object, an array, or one object a line')
    .addHelpText('after', EXAMPLES)
    .action((source: string | undefined, flags: Flags) => run(source, flags));
  addTaskOptions(command);
  addWhenOptions(command);
  command
    .option('--stdin', 'the same as -')
    .option('--idempotency-key <key>', 'record one task for this key, however often it is submitted')
    .addOption(
      new Option(
        '--wait [duration]',
        `wait until it is completed, failed or cancelled [${durationInWords(DEFAULT_WAIT_MS)}]`,
      ).argParser(parseDuration),
    )
    .option('--json', 'print the service’s answer, a line of JSON for each task');
  addConnectionOptions(command);
}

function addWhenOptions(command: Command): void {
  const instant = (text: string): string => parseInstantAhead(text, Date.now());
  command
    .option('--id <id>', 'its id; the same id and content again is the same task')
    .addOption(
      new Option('--delay <duration>', 'not before so long from now: 500ms, 5s, 10min, 2h, 1d')
        .argParser(parseDuration)
        .conflicts('dueAt'),
    )
    .option('--due-at <instant>', 'not before this instant: 2030-01-31T12:00:00Z, or 2h from now', instant)
    .option('--expires-at <instant>', 'not at this instant or later, or 2h from now', instant);
}

async function run(source: string | undefined, flags: Flags): Promise<void> {
  const isStdin = isFromStandardInput(source, flags);
  const fromFlags = submissionOfFlags(flags);
  const only: TaskGroup[] = isStdin ? [] : [{ tasks: [requireTargetAndName(fromFlags)] }];
  await withClient(flags, async (client: DispatchrClient) => {
    const { wait, ...others } = flags;
    const waitMs = wait === true ? DEFAULT_WAIT_MS : wait;
    const submitter = createSubmitter(client, { ...others, ...(waitMs !== undefined && { wait: waitMs }) });
    try {
      for await (const group of isStdin ? readTasks(standardInput()) : only) {
        const tasks = group.tasks.map((task) => ({ ...fromFlags, ...task }));
        await submitter.submit({ ...group, tasks });
      }
    } catch (error) {
      // Whoever mends the input and repeats must know.
      const recorded = submitter.recorded();
      if (recorded > 0) printNote(`dispatchr: ${recorded} tasks were recorded before what follows`);
      throw error;
    }
    submitter.finish();
  });
}

const EXAMPLES = `
With - each task is a JSON object like the body of POST /v1/tasks; flags fill in what it leaves out. An array is recorded
whole or not at all. Lines are recorded in groups of up to 1,000, so there may be any number of them.

Exit codes beside those of dispatchr --help: with --wait 1 unless every task completed in time.

Examples:
  dispatchr submit --target http://127.0.0.1:9999/ --name hello --args '{"to":"world"}'
  dispatchr submit --target http://127.0.0.1:9999/ --name hello --wait        # until it is done, at most 60 s
  dispatchr submit --target http://127.0.0.1:9999/receipts --name send-receipt --id order-1842 --queue critical --wait=10s --json
  dispatchr submit --target http://127.0.0.1:9999/ --name remind --delay 2h --max-attempts 5 --header 'X-Tenant: 17'
  echo '{"target":"http://127.0.0.1:9999/","taskName":"hello"}' | dispatchr submit -
  seq 1 2500 | sed 's/.*/{"taskArgs":{"number":&}}/' | dispatchr submit - --target http://127.0.0.1:9999/ --name count`;
