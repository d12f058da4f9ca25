import { writeFile } from 'node:fs/promises';
import type { ReportTarget } from '../options/parse-values.ts';
import type { Paint } from '../reports/paint.ts';
import type { Console } from '../reports/terminal-progress.ts';
import { VERSION } from '../version.ts';
import { isAsItShouldBe, type SelftestRow } from './judge-job.ts';
import type { SelftestPlan } from './plan-selftest.ts';

/** Shows how a self-test goes on: one line that is rewritten on a terminal, a line now and then elsewhere. */
export class SelftestProgress {
  readonly #console: Console;
  readonly #total: number;
  #done = 0;
  #wrong = 0;

  constructor(terminal: Console, plan: SelftestPlan) {
    this.#console = terminal;
    this.#total = plan.plain.length + plan.mutants.length + plan.variants.length;
  }

  add(row: SelftestRow): void {
    this.#done += 1;
    if (!isAsItShouldBe(row)) this.#wrong += 1;
    const text = `${this.#done}/${this.#total} · ${this.#wrong} to mend · ${row.id}`;
    if (this.#console.columns !== undefined) this.#console.write(`\r\u001B[2K${text}`);
    else if (this.#done % 25 === 0) this.#console.write(`${text}\n`);
  }

  /** Takes the rewritten line away. */
  end(): void {
    if (this.#console.columns !== undefined) this.#console.write('\r\u001B[2K');
  }
}

/** The matrix for a terminal: what needs mending with its reasons, or every row, and the counts. */
export function selftestSummary(
  rows: readonly SelftestRow[],
  paint: Paint,
  { durationMs, showAll }: { readonly durationMs: number; readonly showAll: boolean },
): string {
  const shown = rows.filter((row) => showAll || !isAsItShouldBe(row));
  const width = Math.max(...shown.map(({ id }) => id.length), 0);
  const lines = shown.flatMap((row) => [
    `${paint(isAsItShouldBe(row) ? 'green' : 'red', row.verdict.padEnd(11))} ${row.id.padEnd(width)}  ${row.check}${collateralOf(row)} ${paint('dim', `${row.durationMs} ms`)}`,
    ...row.complaints.map((complaint) => `    ${complaint}`),
  ]);
  const counts = countsOf(rows).map(([verdict, count]) => `${count} ${verdict}`);
  return `${[...lines, `${counts.join(', ')} in ${(durationMs / 1000).toFixed(1)} s`].join('\n')}\n`;
}

function collateralOf({ collateral, kind }: SelftestRow): string {
  return kind !== 'mutant' || collateral.length === 0 ? '' : ` (+ ${collateral.join(', ')})`;
}

function countsOf(rows: readonly SelftestRow[]): [verdict: string, count: number][] {
  const verdicts = [...new Set(rows.map(({ verdict }) => verdict))];
  return verdicts.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]);
}

/** Writes the reports that were asked for. */
export async function writeSelftestReports(
  rows: readonly SelftestRow[],
  targets: readonly ReportTarget[],
  durationMs: number,
  writeOut: (text: string) => void,
): Promise<void> {
  for (const { format, file } of targets) {
    const text = format === 'md' ? markdownOf(rows) : jsonOf(rows, durationMs);
    if (file === '-') writeOut(text);
    else await writeFile(file, text);
  }
}

function jsonOf(rows: readonly SelftestRow[], durationMs: number): string {
  const document = {
    schemaVersion: 1,
    tool: { name: 'dispatchr-conformance', version: VERSION },
    durationMs,
    counts: Object.fromEntries(countsOf(rows)),
    rows,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function markdownOf(rows: readonly SelftestRow[]): string {
  const mutants = rows.filter(({ kind }) => kind === 'mutant');
  const variants = rows.filter(({ kind }) => kind !== 'mutant');
  const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
  return [
    '# What the checks find',
    '',
    `${mutants.filter(isAsItShouldBe).length} of ${mutants.length} faults are found by the check that is meant for them; ${variants.filter(isAsItShouldBe).length} of ${variants.length} conforming implementations pass.`,
    '',
    '| fault | what the implementation does wrong | found by | verdict | others that may turn red |',
    '| --- | --- | --- | --- | --- |',
    ...mutants.map(
      ({ id, sentence, check, verdict, collateral }) =>
        `| \`${id}\` | ${cell(sentence)} | ${check === '' ? '' : `\`${check}\``} | ${verdict} | ${collateral.includes('*') ? 'any' : collateral.length} |`,
    ),
    '',
    '| conforming implementation | what it does differently | verdict |',
    '| --- | --- | --- |',
    ...variants.map(({ id, sentence, verdict }) => `| \`${id}\` | ${cell(sentence)} | ${verdict} |`),
    '',
  ].join('\n');
}
