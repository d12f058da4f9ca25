import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LOG_FILES, type ProducerEvent, type TargetEvent, type Transition } from '../events.ts';
import { createPartition, readBucket, type Partition } from './partition.ts';
import { parseEvent, readLines, UnreadableLogError } from './read-log.ts';
import { taskHistoryOf, type TaskHistory } from './task-history.ts';

/** The logs that speak of tasks. */
const LOGS = ['producer', 'target', 'transitions'] as const;

type Log = (typeof LOGS)[number];
type TaskEvent = ProducerEvent | TargetEvent | Transition;

/** How much of the logs is in memory at once, in bytes; as objects it takes some five times as much. */
const BUCKET_BYTES = 64 * 1024 * 1024;

/** The history of each task that any log names, one after the other; what is in memory at once is bounded. */
export async function* readTasks(
  folder: string,
  bucketBytes: number = BUCKET_BYTES,
): AsyncGenerator<TaskHistory> {
  const files = LOGS.map((log) => join(folder, LOG_FILES[log]));
  const bytes = await Promise.all(files.map((file) => sizeOf(file)));
  const total = bytes.reduce((sum, size) => sum + size, 0);
  const partition = await createPartition(Math.max(1, Math.ceil(total / bucketBytes)));
  try {
    for (const log of LOGS) await partitionLog(partition, folder, log);
    for (const bucket of await partition.finish()) yield* historiesOf(await readBucket(bucket), folder);
  } finally {
    await partition.remove();
  }
}

async function partitionLog(partition: Partition, folder: string, log: Log): Promise<void> {
  for await (const lines of readLines(join(folder, LOG_FILES[log])))
    for (const { text, number } of lines) {
      const isFull = partition.add(tokenOf(text, folder, log, number), `${log} ${number} ${text}`);
      if (isFull !== undefined) await isFull;
    }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw new UnreadableLogError(`${file} cannot be read`, { cause: error });
  }
}

/** Without parsing the line: each is parsed once, in its bucket. */
function tokenOf(text: string, folder: string, log: Log, number: number): string {
  const token = /"token": ?"([^"]*)"/.exec(text)?.[1];
  if (token === undefined)
    throw new UnreadableLogError(`${place(folder, log, number)}: expected a token, got ${text.slice(0, 80)}`);
  return token;
}

function* historiesOf(lines: readonly string[], folder: string): Generator<TaskHistory> {
  const tokens = new Map<
    string,
    { producer: ProducerEvent[]; target: TargetEvent[]; transitions: Transition[] }
  >();
  for (const line of lines) {
    const [log, number] = line.split(' ', 2) as [Log, string];
    const text = line.slice(log.length + number.length + 2);
    const event = parseEvent(text, place(folder, log, Number(number))) as TaskEvent;
    const events = tokens.get(event.token) ?? { producer: [], target: [], transitions: [] };
    tokens.set(event.token, events);
    (events[log] as TaskEvent[]).push(event);
  }
  for (const [token, events] of tokens) yield taskHistoryOf(token, events);
}

function place(folder: string, log: Log, number: number): string {
  return `${join(folder, LOG_FILES[log])}:${number}`;
}
