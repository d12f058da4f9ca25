import { createReadStream } from 'node:fs';

/** A log cannot be read: the file is missing, or a line is no JSON object of its kind. */
export class UnreadableLogError extends Error {
  override readonly name = 'UnreadableLogError';
}

/** A line of a log and where it stands, counted from 1. */
export interface LogLine {
  readonly text: string;
  readonly number: number;
}

/** The lines of a log in portions as they are read, so that a log of any size takes little memory. Empty lines are left out. */
export async function* readLines(file: string): AsyncGenerator<LogLine[]> {
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield lines.map((text) => ({ text, number: (number += 1) })).filter(({ text }) => text !== '');
    }
  } catch (error) {
    throw new UnreadableLogError(`${file} cannot be read`, { cause: error });
  }
  if (rest !== '') yield [{ text: rest, number: number + 1 }];
}

/** The event of a line; `where` names the line in the error. */
export function parseEvent(text: string, where: string): { kind: unknown } {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    throw new UnreadableLogError(`${where}: expected a JSON object, got ${text.slice(0, 80)}`, {
      cause: error,
    });
  }
  if (typeof event !== 'object' || event === null || !('kind' in event))
    throw new UnreadableLogError(`${where}: expected an object with a kind, got ${text.slice(0, 80)}`);
  return event;
}
