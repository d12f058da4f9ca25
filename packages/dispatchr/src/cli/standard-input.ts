import { UsageError } from './usage-error.ts';

/**
 * Whether standard input is asked for, by `-` as the optional last argument or by `--stdin`.
 * Throws a UsageError for any other such argument.
 */
export function isFromStandardInput(source: string | undefined, flags: { stdin?: boolean }): boolean {
  if (source === undefined || source === '-') return source === '-' || flags.stdin === true;
  throw new UsageError(`expected - for standard input, or nothing, got ${JSON.stringify(source)}`);
}

/** Standard input as text, as it comes. */
export function standardInput(): AsyncIterable<string> {
  return process.stdin.setEncoding('utf8');
}
