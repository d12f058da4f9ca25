import type { Submission } from '@dispatchr/client';
import { parseJsonInput } from '../options/parse-json.ts';
import { UsageError } from '../usage-error.ts';

/** Tasks to submit with one request. */
export interface TaskGroup {
  /** Where they stood, for messages: "line 1001 to 2000"; undefined for all of the input. */
  place?: string;
  /** Objects, at least: what their members are is for the service to check. */
  tasks: Submission[];
}

/** The most tasks of a batch, and the most characters, well within the 16 MiB that a recorder takes. */
const MOST_TASKS = 1000;
const MOST_CHARACTERS = 4_000_000;
/** One task or one array has to be in memory whole. */
const MOST_CHARACTERS_AT_ONCE = 64_000_000;

/**
 * Reads tasks out of text that comes in chunks: one JSON object, one array (a batch of its own, all or none), or an object a line.
 * Lines are given in groups as they come, so that any number of them can be read. Throws a UsageError that names the line.
 */
export async function* readTasks(chunks: AsyncIterable<string>): AsyncGenerator<TaskGroup> {
  let rest = '';
  let decided = false;
  let lines: LineReader | undefined;
  for await (const chunk of chunks) {
    rest += chunk;
    if (!decided && chunk.includes('\n') && rest.trimStart().includes('\n')) {
      decided = true;
      if (isFirstLineATask(rest)) lines = createLineReader();
    }
    if (lines !== undefined) {
      const end = rest.lastIndexOf('\n') + 1;
      yield* lines.read(rest.slice(0, end));
      rest = rest.slice(end);
    }
    if (rest.length > MOST_CHARACTERS_AT_ONCE) {
      throw new UsageError('expected less than 64 MB at once on standard input; put one task on each line');
    }
  }
  if (lines === undefined) yield readWhole(rest);
  else yield* lines.finish(rest);
}

interface LineReader {
  /** The groups that whole lines make full. */
  read(text: string): Generator<TaskGroup>;
  /** The last line, which may lack its end, and the group that is not full. */
  finish(text: string): Generator<TaskGroup>;
}

function createLineReader(): LineReader {
  let tasks: Submission[] = [];
  let characters = 0;
  let line = 0;
  let firstLine = 1;
  function* flush(): Generator<TaskGroup> {
    if (tasks.length > 0) yield { place: placeOf(firstLine, line), tasks };
    tasks = [];
    characters = 0;
    firstLine = line + 1;
  }
  function* read(text: string): Generator<TaskGroup> {
    for (const one of text.split('\n').slice(0, -1)) {
      const isFull = tasks.length >= MOST_TASKS || characters + one.length > MOST_CHARACTERS;
      if (isFull) yield* flush();
      line += 1;
      if (one.trim() === '') continue;
      tasks.push(taskOf(parseJsonInput(one, `line ${line}`), `line ${line}`));
      characters += one.length;
    }
  }
  return {
    read,
    *finish(text) {
      if (text !== '') yield* read(`${text}\n`);
      yield* flush();
    },
  };
}

/** Whether a whole first line is a task, and more may follow on lines of their own. */
function isFirstLineATask(text: string): boolean {
  const [first = ''] = text.trimStart().split('\n', 1);
  if (!first.startsWith('{')) return false;
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false;
  }
}

function readWhole(text: string): TaskGroup {
  if (text.trim() === '') throw new UsageError('expected a task on standard input, got nothing');
  const value = parseJsonInput(text, 'standard input');
  if (!Array.isArray(value)) return { tasks: [taskOf(value, 'standard input')] };
  if (value.length === 0) throw new UsageError('expected a task on standard input, got an empty array');
  if (value.length > MOST_TASKS) {
    throw new UsageError(
      `expected at most ${MOST_TASKS} tasks in an array, got ${value.length}; put one task on each line`,
    );
  }
  return { tasks: value.map((item, index) => taskOf(item, `task ${index + 1}`)) };
}

function taskOf(value: unknown, place: string): Submission {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Submission;
  throw new UsageError(`${place}: expected a task, a JSON object, got ${JSON.stringify(value).slice(0, 40)}`);
}

function placeOf(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first} to ${last}`;
}
