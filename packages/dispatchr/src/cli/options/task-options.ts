import type { ScheduledTask } from '@dispatchr/client';
import type { Command } from 'commander';
import { UsageError } from '../usage-error.ts';
import { collect } from './collect.ts';
import { integerFrom } from './parse-integer.ts';
import { parseDuration } from './parse-duration.ts';
import { parseJsonOption } from './parse-json.ts';

/** Flags that say what a task is, whenever it is submitted; as commander hands them over. */
export interface TaskFlags {
  target?: string;
  name?: string;
  /** Parsed JSON: with the flag left out the key is missing, since `undefined` is no JSON. */
  args?: unknown;
  queue?: string;
  flowKey?: string;
  priority?: number;
  timeout?: number;
  maxAttempts?: number;
  header?: readonly string[];
}

/** Adds a flag for each of them. */
export function addTaskOptions(command: Command): Command {
  return command
    .option('--target <url>', 'where it is delivered to')
    .option('--name <name>', 'what kind of work it is')
    .option('--args <json>', 'its arguments, any JSON value', parseJsonOption)
    .option('--queue <queue>', 'its queue')
    .option('--flow-key <key>', 'whose work it is')
    .option('--priority <n>', 'higher goes first, -1000 to 1000', integerFrom(-1000, 1000))
    .option('--timeout <duration>', 'the deadline of one attempt', parseDuration)
    .option('--max-attempts <n>', 'how often it is tried', integerFrom(1, 1000))
    .option('--header <line>', "an extra header for the target, 'Name: value'; may be repeated", collect);
}

/** The members of a task that flags give; throws a UsageError for a header that is none. */
export function taskOfFlags({ maxAttempts, header, ...flags }: TaskFlags): Partial<ScheduledTask> {
  return givenOnly<ScheduledTask>({
    target: flags.target,
    taskName: flags.name,
    taskArgs: flags.args,
    queue: flags.queue,
    flowKey: flags.flowKey,
    priority: flags.priority,
    timeoutMs: flags.timeout,
    retry: maxAttempts === undefined ? undefined : { maxAttempts },
    headers: header === undefined ? undefined : Object.fromEntries(header.map(readHeader)),
  });
}

/** The members that are there. */
export function givenOnly<Value>(members: {
  [Name in keyof Value]?: Value[Name] | undefined;
}): Partial<Value> {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Value>;
}

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new UsageError(`--header: expected 'Name: value', got ${JSON.stringify(text)}`);
  }
  return [name, value ?? ''];
}
