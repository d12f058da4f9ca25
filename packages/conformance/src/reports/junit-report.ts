import { areaOf } from './area.ts';
import { escapeMarkup } from './escape-markup.ts';
import { paintWhere } from './paint.ts';
import type { MergedResult, RunRecord } from './run-record.ts';
import { detailsOf, type Trace } from './terminal-summary.ts';

/** JUnit XML, one suite for each part of the specification. */
export function junitReport({ results, durationMs, suite }: RunRecord, trace: Trace): string {
  const areas = [...new Set(results.map(({ check }) => areaOf(check)))];
  const suites = areas.map((area) => {
    const own = results.filter(({ check }) => areaOf(check) === area);
    const sum = own.reduce((total, result) => total + result.durationMs, 0);
    const head = `<testsuite name="${escapeMarkup(area)}" ${totalsOf(own)} time="${secondsOf(sum)}" timestamp="${suite.startedAt}">`;
    return [
      '  ',
      head,
      '\n',
      ...own.map((result) => testCaseOf(result, area, trace)),
      '  </testsuite>\n',
    ].join('');
  });
  const head = `<testsuites name="dispatchr-conformance" ${totalsOf(results)} time="${secondsOf(durationMs)}">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>\n', head, '\n', ...suites, '</testsuites>\n'].join('');
}

const SKIPPED: readonly string[] = ['not-applicable', 'not-exercised', 'blocked', 'expected-fail'];

function totalsOf(results: readonly MergedResult[]): string {
  const count = (...statuses: string[]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return `tests="${results.length}" failures="${count('fail', 'unexpected-pass')}" errors="${count('harness-error')}" skipped="${count(...SKIPPED)}"`;
}

function testCaseOf(result: MergedResult, area: string, trace: Trace): string {
  const { check, status, durationMs, fault, reason, warnings } = result;
  const attributes = `name="${escapeMarkup(check.id)}" classname="dispatchr.${escapeMarkup(area)}" time="${secondsOf(durationMs)}"`;
  const message = escapeMarkup(fault?.what ?? reason?.split('\n')[0] ?? warnings.join('; '));
  const type = escapeMarkup(fault?.requirement ?? status);
  const details = (): string => escapeMarkup(detailsOf(result, paintWhere(false), trace).join('\n'));
  const content =
    status === 'fail' || status === 'unexpected-pass'
      ? `<failure type="${type}" message="${message}">${details()}</failure>`
      : status === 'harness-error'
        ? `<error type="${type}" message="${message}">${details()}</error>`
        : SKIPPED.includes(status)
          ? `<skipped message="${status}: ${message}"/>`
          : status === 'warn'
            ? `<system-out>${details()}</system-out>`
            : '';
  return `    <testcase ${attributes}>${content}</testcase>\n`;
}

const secondsOf = (ms: number): string => (ms / 1000).toFixed(3);
