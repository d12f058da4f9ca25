import { InvalidArgumentError } from 'commander';
import { UsageError } from '../usage-error.ts';

/** What `JSON.parse` hands to a reviver: the text of a primitive value, where Node has it (from version 21 on). */
type Revive = (key: string, value: unknown, context?: { source?: string }) => unknown;

const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };

/**
 * Parses JSON that `JSON.stringify` gives back with each number as it was written, 64-bit integers included.
 * Throws a `SyntaxError` for what is no JSON, and before Node 22 for an integer that would lose digits.
 */
export function parseJson(text: string): unknown {
  const revive: Revive = (_key, value, context) =>
    typeof value === 'number' ? exactNumber(value, context?.source) : value;
  return JSON.parse(text, revive);
}

/** Reads JSON given on the command line; throws commander's error for what is none. */
export function parseJsonOption(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new InvalidArgumentError(`Expected JSON in quotes for your shell: ${(error as Error).message}.`);
  }
}

/** Reads JSON of standard input; throws a UsageError that names the place, such as "line 17", for what is none. */
export function parseJsonInput(text: string, place: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${place}: expected JSON, got: ${error.message}`);
    throw error;
  }
}

function exactNumber(value: number, source: string | undefined): unknown {
  if (source !== undefined && rawJSON !== undefined)
    return String(value) === source ? value : rawJSON(source);
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  throw new SyntaxError(
    `expected no integer beyond 2^53 on Node ${process.versions.node}, got one; use Node 22`,
  );
}
