import { nameOf } from '../run/discovery.ts';
import type { TimelineEntry } from '../run/timeline.ts';
import { findRequirement } from '../spec/requirements.ts';
import { areaOf } from './area.ts';
import type { Paint } from './paint.ts';
import { countsOf, type MergedResult, type RunRecord } from './run-record.ts';
import { markOf } from './terminal-progress.ts';

/** Whose timelines are shown. */
export type Trace = 'off' | 'failures' | 'all';

const FAILED: readonly string[] = ['fail', 'unexpected-pass', 'harness-error'];

/** What a person reads at the end of a run: failures with all that is known, areas, counts and the verdict. */
export function terminalSummary(record: RunRecord, paint: Paint, trace: Trace): string {
  const detailed = record.results.filter(
    ({ status, timeline }) => FAILED.includes(status) || (trace === 'all' && timeline.length > 0),
  );
  return [
    '',
    ...detailed.flatMap((result) => [...detailsOf(result, paint, trace), '']),
    ...areaLines(record.results, paint),
    '',
    ...verdictLines(record, paint),
    '',
  ].join('\n');
}

/** A check's result with everything that helps to find the fault, as lines. */
export function detailsOf(result: MergedResult, paint: Paint, trace: Trace): string[] {
  const { check, status, fault, reason, warnings, timeline, curl } = result;
  const requirement = findRequirement(fault?.requirement ?? Object.keys(check.covers)[0] ?? '');
  const steps =
    trace === 'off'
      ? []
      : shortened(
          timeline.map((entry) => `    ${stepText(entry)}`),
          trace,
        );
  return [
    `${markOf(status, paint)} ${paint('bold', check.id)}`,
    `  ${check.title}`,
    ...(requirement === undefined ? [] : [`  ${paint('cyan', requirement.id)} ${requirement.text}`]),
    ...labelled('what', fault?.what),
    ...labelled('expected', fault?.expected),
    ...labelled('got', fault?.got),
    ...labelled('why', reason),
    ...warnings.map((warning) => `  note      ${warning}`),
    ...(steps.length === 0 ? [] : ['  timeline', ...steps.map((step) => paint('dim', step))]),
    ...labelled('again', curl),
    `  ${paint('dim', `dispatchr-conformance explain ${check.id}`)}`,
  ];
}

// The end of a long timeline is where it went wrong, and its beginning says what was set off.
const FIRST_STEPS = 8;
const LAST_STEPS = 16;

function shortened(steps: readonly string[], trace: Trace): readonly string[] {
  const left = steps.length - FIRST_STEPS - LAST_STEPS;
  if (trace === 'all' || left <= 1) return steps;
  const note = `            … ${left} more steps: --trace all shows them`;
  return [...steps.slice(0, FIRST_STEPS), note, ...steps.slice(-LAST_STEPS)];
}

function labelled(label: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`  ${label.padEnd(9)} ${text.replaceAll('\n', '\n            ')}`];
}

const ARROWS: Readonly<Record<TimelineEntry['kind'], string>> = {
  request: '→',
  response: '←',
  delivery: '⇐',
  answer: '⇒',
  note: '·',
};

/** One step of a timeline on one line. */
export function stepText({ atMs, kind, text }: TimelineEntry): string {
  return `${String(atMs).padStart(6)} ms ${ARROWS[kind]} ${kind.padEnd(8)} ${text}`;
}

function areaLines(results: readonly MergedResult[], paint: Paint): string[] {
  const areas = [...new Set(results.map(({ check }) => areaOf(check)))];
  const width = Math.max(...areas.map((area) => area.length), 0);
  return areas.map((area) => {
    const counts = countsOf(results.filter(({ check }) => areaOf(check) === area));
    return `${area.padEnd(width)}  ${counts.map(([status, count]) => `${count} ${markOf(status, paint)}`).join(', ')}`;
  });
}

function verdictLines(record: RunRecord, paint: Paint): string[] {
  const { suite, results, exitCode, incompleteBecause, durationMs, requirementSet } = record;
  const counts = countsOf(results).map(([status, count]) => `${count} ${markOf(status, paint)}`);
  const seconds = (durationMs / 1000).toFixed(1);
  const lines = [
    counts.join(', '),
    `${suite.planned} checks planned, ${suite.executed} executed in ${seconds} s, seed ${suite.seed}`,
  ];
  if (exitCode === 0 && incompleteBecause.length === 0) {
    const claim = `conforms to Dispatchr ${requirementSet}, profile ${suite.profile}`;
    return [...lines, paint('green', `${nameOf(suite.discovery)} ${claim}`)];
  }
  const incomplete = incompleteBecause.map((why) => `incomplete: ${why}`);
  return [...lines, ...incomplete, verdictSentence(record, paint)];
}

function verdictSentence({ exitCode, results }: RunRecord, paint: Paint): string {
  if (exitCode === 0) return paint('green', 'nothing that ran found a violation');
  if (exitCode === 130) return paint('yellow', 'interrupted: this is what was found until then');
  if (exitCode === 4) return paint('red', 'the suite itself went wrong: please report it');
  const isStale = results.every(({ status }) => status !== 'fail');
  return paint('red', isStale ? 'the baseline is stale' : 'does not conform');
}
