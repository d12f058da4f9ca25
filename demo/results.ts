import { durationInWords } from '@dispatchr/cli';
import type { FollowedTask } from './follow-task.ts';
import type { Expectation, Scenario } from './scenarios.ts';
import { endInWords } from './words.ts';

/** How a scenario was to end, how it did, and whether that is the same. */
export interface Result {
  name: string;
  expected: string;
  actual: string;
  isAsExpected: boolean;
}

/** Holds a task against what its scenario expects. */
export function judge({ name, expected }: Scenario, { task, attempts }: FollowedTask): Result {
  const startedAt = attempts.at(-1)?.startedAt;
  const afterMs = startedAt === undefined ? 0 : Date.parse(startedAt) - Date.parse(task.createdAt);
  const isAsExpected =
    task.state === expected.state &&
    task.reason === expected.reason &&
    attempts.length === expected.attempts &&
    afterMs >= (expected.notBeforeMs ?? 0);
  return { name, isAsExpected, expected: expectedInWords(expected), actual: actualInWords() };

  function actualInWords(): string {
    const end = `${endInWords(task)}, ${count(attempts.length)}`;
    return expected.notBeforeMs === undefined ? end : `${end}, after ${durationInWords(afterMs)}`;
  }
}

/** The results as an aligned table. */
export function resultsTable(results: readonly Result[]): string {
  const rows = [
    ['task', 'expected', 'actual', ''],
    ...results.map(({ name, expected, actual, isAsExpected }) => [
      name,
      expected,
      actual,
      isAsExpected ? 'as expected' : 'NOT as expected',
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

function expectedInWords({ attempts, notBeforeMs, ...end }: Expectation): string {
  const words = `${endInWords(end)}, ${count(attempts)}`;
  return notBeforeMs === undefined ? words : `${words}, after ${durationInWords(notBeforeMs)} or more`;
}

function count(attempts: number): string {
  return attempts === 1 ? '1 attempt' : `${attempts} attempts`;
}
