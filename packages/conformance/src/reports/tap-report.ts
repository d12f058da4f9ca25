import { stringify } from 'yaml';
import type { MergedResult, RunRecord } from './run-record.ts';
import { stepText, type Trace } from './terminal-summary.ts';

/** TAP 14: what is skipped or expected to fail is marked with a directive. */
export function tapReport({ results, incompleteBecause, exitCode }: RunRecord, trace: Trace): string {
  const points = results.flatMap((result, at) => pointOf(result, at + 1, trace));
  const notes = incompleteBecause.map((why) => `# incomplete: ${oneLine(why)}`);
  const bailOut = exitCode === 130 ? ['Bail out! interrupted'] : [];
  return ['TAP version 14', `1..${results.length}`, ...points, ...notes, ...bailOut, ''].join('\n');
}

function pointOf(result: MergedResult, number: number, trace: Trace): string[] {
  const { check, status, reason = '' } = result;
  const isOk = !['fail', 'unexpected-pass', 'harness-error', 'expected-fail'].includes(status);
  const directive =
    status === 'expected-fail'
      ? ` # TODO ${oneLine(reason)}`
      : ['not-applicable', 'not-exercised', 'blocked'].includes(status)
        ? ` # SKIP ${status}: ${oneLine(reason)}`
        : '';
  const line = `${isOk ? 'ok' : 'not ok'} ${number} - ${check.id}${directive}`;
  return status === 'pass' || directive.includes('# SKIP') ? [line] : [line, ...diagnosticsOf(result, trace)];
}

function diagnosticsOf(
  { check, status, fault, reason, warnings, timeline, curl }: MergedResult,
  trace: Trace,
): string[] {
  const content = {
    status,
    title: check.title,
    ...fault,
    ...(reason === undefined ? {} : { reason }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(trace === 'off' ? {} : { timeline: timeline.map(stepText) }),
    ...(curl === undefined ? {} : { curl }),
  };
  const lines = stringify(content).trimEnd().split('\n');
  return ['  ---', ...lines.map((line) => `  ${line}`), '  ...'];
}

// A `#` would begin a directive, and a line break would end the test point.
function oneLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('#', String.raw`\#`);
}
