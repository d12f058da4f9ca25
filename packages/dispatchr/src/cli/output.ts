import { jsonLine } from './show/escape-controls.ts';
import { outputStyle } from './show/output-style.ts';
import type { OutputStyle } from './show/output-style.ts';

/** How standard output is written to. */
export function stdoutStyle(): OutputStyle {
  return outputStyle(process.stdout, process.env);
}

/** Prints lines; what they hold of others must be escaped by then. */
export function printLines(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

/** Prints each value as a line of JSON. */
export function printJson(values: readonly unknown[]): void {
  printLines(values.map(jsonLine));
}

/** Says something beside the output, on standard error; what it holds of others must be escaped by then. */
export function printNote(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
