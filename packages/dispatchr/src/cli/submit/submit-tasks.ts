import { DispatchrError, isTerminal } from '@dispatchr/client';
import type { DispatchrClient, Submission, TaskSummary } from '@dispatchr/client';
import { EXIT_CODES } from '../../composition/start-error.ts';
import { CommandFailure } from '../command-failure.ts';
import { printJson, printLines, printNote } from '../output.ts';
import { escapeControls } from '../show/escape-controls.ts';
import type { ShownTask } from '../show/where-it-stands.ts';
import { inParallel } from '../tasks/in-parallel.ts';
import { readStanding, sentenceOf } from '../tasks/read-standing.ts';
import { UsageError } from '../usage-error.ts';
import { failureOf } from '../with-client.ts';
import type { TaskGroup } from './read-tasks.ts';

/** Flags of `dispatchr submit` that say how. */
export interface SubmitFlags {
  idempotencyKey?: string;
  /** How long to wait for the end of the tasks, in milliseconds. */
  wait?: number;
  json?: boolean;
}

/** Submits groups of tasks as they come. */
export interface Submitter {
  /** Records a group, and prints it; throws a CommandFailure that names its place if the service says no. */
  submit(group: TaskGroup): Promise<void>;
  /** How many tasks were recorded so far. */
  recorded(): number;
  /** Throws a CommandFailure if a task that was waited for did not complete. */
  finish(): void;
}

const WAITS_AT_A_TIME = 16;

/** Makes a submitter. The time to wait runs for each group from when it is submitted. */
export function createSubmitter(client: DispatchrClient, flags: SubmitFlags): Submitter {
  let recorded = 0;
  let incomplete = 0;

  async function record({ tasks }: TaskGroup): Promise<Recorded[]> {
    const [first] = tasks;
    if (tasks.length === 1 && first !== undefined) return [{ task: await recordOne(client, first, flags) }];
    if (flags.idempotencyKey !== undefined) {
      throw new UsageError('--idempotency-key: expected one task, got several; give each task an id instead');
    }
    return (await client.submitBatch(tasks)).tasks;
  }

  return {
    async submit(group) {
      const deadlineMs = performance.now() + (flags.wait ?? 0);
      const tasks = await record(group).catch((error: unknown) => {
        throw placed(error, group);
      });
      recorded += tasks.length;
      await inParallel(tasks, WAITS_AT_A_TIME, async (one) => {
        const task = flags.wait === undefined ? one.task : await waitFor(client, one.task, deadlineMs);
        if (flags.wait !== undefined && task.state !== 'completed') incomplete += 1;
        await print(client, { ...one, task }, flags);
      });
    },
    recorded: () => recorded,
    finish() {
      if (incomplete === 0) return;
      if (recorded > 1) printNote(`dispatchr: ${incomplete} of ${recorded} tasks did not complete`);
      throw new CommandFailure(EXIT_CODES.failed);
    },
  };
}

interface Recorded {
  task: ShownTask;
  /** Only with a batch: whether this request recorded it. */
  created?: boolean;
}

/** The recorder itself answers when the task is done, if it can: that needs no polling. */
async function recordOne(
  client: DispatchrClient,
  task: Submission,
  { idempotencyKey, wait }: SubmitFlags,
): Promise<TaskSummary> {
  const options = idempotencyKey === undefined ? {} : { idempotencyKey };
  if (wait === undefined) return client.submit(task, options);
  try {
    return await client.submit(task, { ...options, waitMs: wait });
  } catch (error) {
    const cannotWait = error instanceof DispatchrError && error.body['feature'] === 'wait';
    if (!cannotWait) throw error;
    return client.submit(task, options);
  }
}

async function waitFor(client: DispatchrClient, task: TaskSummary, deadlineMs: number): Promise<ShownTask> {
  if (isTerminal(task)) return task;
  return client.wait(task.id, { timeoutMs: Math.max(0, deadlineMs - performance.now()) });
}

async function print(client: DispatchrClient, one: Recorded, flags: SubmitFlags): Promise<void> {
  if (flags.json) return printJson([one.task]);
  const nowMs = Date.now();
  // Many tasks that were only recorded are all alike, and not worth a request each.
  const standing = flags.wait === undefined ? one : await readStanding(client, one.task, nowMs);
  const before = one.created === false ? ' (recorded before)' : '';
  printLines([`${escapeControls(one.task.id)}  ${sentenceOf(standing, nowMs)}${before}`]);
}

function placed(error: unknown, { place }: TaskGroup): unknown {
  const failure = failureOf(error);
  if (failure === undefined || place === undefined) return error;
  return new CommandFailure(failure.exitCode, `${place}: ${failure.message}`, { cause: error });
}
