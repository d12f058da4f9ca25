import { type Rows, showFigure } from '../report/rows.ts';
import type { SelfTime } from './cpu-profile.ts';
import { placeOf } from './place.ts';
import type { NameOf } from './statement-names.ts';
import type { StatementStatistics } from './statement-statistics.ts';

/** The functions that ran longest themselves. */
export function functionRows(times: readonly SelfTime[], tasks: number, most: number): Rows {
  return rowsOfTimes(
    'function',
    times.slice(0, most).map(({ frame, selfUs }) => [nameOf(frame), selfUs] as const),
    tasks,
    sumOf(times),
  );
}

/** The same time, by folder of ours, package and part of Node. */
export function folderRows(times: readonly SelfTime[], tasks: number, most: number): Rows {
  const sums = new Map<string, number>();
  for (const { frame, selfUs } of times) {
    const group = frame.functionName.startsWith('(') ? frame.functionName : placeOf(frame.url).group;
    sums.set(group, (sums.get(group) ?? 0) + selfUs);
  }
  const largest = [...sums].toSorted(([, a], [, b]) => b - a).slice(0, most);
  return rowsOfTimes('folder or package', largest, tasks, sumOf(times));
}

/** The statements that the server worked longest for. */
export function statementRows(
  statistics: readonly StatementStatistics[],
  nameOfStatement: NameOf,
  tasks: number,
  most: number,
): Rows {
  return {
    head: [
      'statement',
      'calls',
      'rows a call',
      'execution, µs a task',
      'planning, µs a task',
      'µs a call',
      'WAL, bytes a task',
      'blocks a task',
    ],
    body: statistics.slice(0, most).map((each) => {
      const workMs = each.executionMs + each.planningMs;
      return [
        nameOfStatement(each.text) ?? each.text.replaceAll(/\s+/g, ' ').slice(0, 60),
        String(each.calls),
        showFigure(each.rows / each.calls),
        showFigure((each.executionMs * 1000) / tasks),
        showFigure((each.planningMs * 1000) / tasks),
        showFigure((workMs * 1000) / each.calls),
        showFigure(each.walBytes / tasks),
        showFigure(each.blocks / tasks),
      ];
    }),
  };
}

function rowsOfTimes(
  title: string,
  times: readonly (readonly [name: string, microseconds: number])[],
  tasks: number,
  sumUs: number,
): Rows {
  const rowOf = (name: string, us: number) => [
    name,
    (us / tasks).toFixed(2),
    ((us / sumUs) * 100).toFixed(1),
  ];
  return {
    head: [title, 'µs a task', '%'],
    body: [...times.map(([name, us]) => rowOf(name, us)), rowOf('all', sumUs)],
  };
}

function nameOf({ functionName, url, lineNumber }: SelfTime['frame']): string {
  const { path } = placeOf(url);
  const name = functionName === '' ? '(anonymous)' : functionName;
  return path === '' ? name : `${name}  ${path}:${lineNumber + 1}`;
}

function sumOf(times: readonly SelfTime[]): number {
  return times.reduce((sum, { selfUs }) => sum + selfUs, 0);
}
