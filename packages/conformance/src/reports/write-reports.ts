import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ReportTarget } from '../options/parse-values.ts';
import { UsageError } from '../run/violation.ts';
import { badgeReport } from './badge-report.ts';
import { htmlReport } from './html-report.ts';
import { jsonReport } from './json-report.ts';
import { junitReport } from './junit-report.ts';
import type { RunRecord } from './run-record.ts';
import { tapReport } from './tap-report.ts';
import type { Trace } from './terminal-summary.ts';

/** The formats of `run --report`; each makes a text, or nothing where there is nothing to claim. */
const FORMATS: Readonly<Record<string, (record: RunRecord, trace: Trace) => string | undefined>> = {
  json: jsonReport,
  junit: junitReport,
  tap: tapReport,
  html: htmlReport,
  badge: badgeReport,
};

/** Throws a `UsageError` if a report could not be written at the end of a run. */
export async function assertWritable(targets: readonly ReportTarget[]): Promise<void> {
  for (const [at, { format, file }] of targets.entries()) {
    if (targets.findIndex((each) => each.file === file) !== at)
      throw new UsageError(`--report ${format}=${file}: expected a file of its own for each report`);
    if (file === '-') continue;
    await access(dirname(file), constants.W_OK).catch(() => {
      throw new UsageError(`--report ${format}=${file}: expected a folder to write to, got ${dirname(file)}`);
    });
  }
}

/** Writes each report that was asked for; answers with the formats that had nothing to claim and were not written. */
export async function writeReports(
  record: RunRecord,
  { report, trace }: { readonly report: readonly ReportTarget[]; readonly trace: Trace },
  writeOut: (text: string) => void,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { format, file } of report) {
    const text = FORMATS[format]?.(record, trace);
    if (text === undefined) left.push(`${format}=${file}`);
    else if (file === '-') writeOut(text);
    else await writeFile(file, text);
  }
  return left;
}
