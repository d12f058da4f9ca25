import type { ReportTarget } from '../options/parse-values.ts';
import { paintWhere, wantsColour } from '../reports/paint.ts';
import type { Console } from '../reports/terminal-progress.ts';

/** What a command prints to, and what tells it to stop. */
export interface CommandContext {
  readonly console: Console;
  /** Standard output, for reports that go to `-`. */
  readonly writeOut: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Takes the exit code of the command that ran. */
export type OnEnd = (exitCode: number) => void;

/** The process's streams; where a report takes standard output, the lines for people go to standard error. */
export function contextFor(reports: readonly ReportTarget[], signal: AbortSignal): CommandContext {
  const stream = reports.some(({ file }) => file === '-') ? process.stderr : process.stdout;
  return {
    console: {
      write: (text) => void stream.write(text),
      paint: paintWhere(wantsColour(stream, process.env)),
      columns: stream.isTTY && process.env['TERM'] !== 'dumb' ? stream.columns : undefined,
    },
    writeOut: (text) => void process.stdout.write(text),
    signal,
  };
}
