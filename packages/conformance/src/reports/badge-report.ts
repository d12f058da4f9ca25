import type { RunRecord } from './run-record.ts';

/** A badge for shields.io's endpoint; none for a run that says nothing about the whole profile. */
export function badgeReport({
  suite,
  requirementSet,
  exitCode,
  incompleteBecause,
  results,
}: RunRecord): string | undefined {
  if (incompleteBecause.length > 0) return undefined;
  const failed = results.filter(({ status }) =>
    ['fail', 'expected-fail', 'unexpected-pass'].includes(status),
  ).length;
  const colour = exitCode === 0 ? (failed === 0 ? 'brightgreen' : 'yellow') : 'red';
  const message = `${suite.profile} ${requirementSet} · ${suite.executed - failed}/${suite.planned}`;
  return `${JSON.stringify({ schemaVersion: 1, label: 'dispatchr', message, color: colour })}\n`;
}
