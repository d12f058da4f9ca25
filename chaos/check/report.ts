import type { FigureTable, InvariantVerdict, ShownViolation, Verdict } from './verdict.ts';

/** The verdict as text for a terminal: figures, invariants, what is violated, and one last line that says it all. */
export function reportOf(verdict: Verdict): string {
  return [
    ...verdict.figures.flatMap(figureLines),
    'invariants',
    ...verdict.invariants.map(invariantLine),
    '',
    ...verdict.invariants.flatMap(violationLines),
    conclusionOf(verdict),
    '',
  ].join('\n');
}

function figureLines({ title, lines }: FigureTable): string[] {
  const width = Math.max(0, ...lines.map(([name]) => name.length));
  return [
    title,
    ...lines.map(([name, ...values]) => `  ${name.padEnd(width)}  ${values.join('  ')}`.trimEnd()),
    '',
  ];
}

function invariantLine({ name, sentence, violations }: InvariantVerdict): string {
  return `  ${violations === 0 ? 'holds   ' : 'VIOLATED'}  ${name.padEnd(11)}  ${sentence}`;
}

function violationLines({ name, sentence, violations, shown }: InvariantVerdict): string[] {
  if (violations === 0) return [];
  return [
    `${name} is violated ${violations} times: ${sentence}`,
    ...shown.flatMap((violation) => ['', ...violationText(violation)]),
    ...(violations > shown.length ? ['', `  and ${violations - shown.length} more`] : []),
    '',
  ];
}

function violationText({ token, says, timeline }: ShownViolation): string[] {
  return [`  ${token === '' ? '' : `task ${token}: `}${says}`, ...timeline.map((line) => `    ${line}`)];
}

function conclusionOf({ result, nothingToJudge, invariants }: Verdict): string {
  switch (result) {
    case 'clean':
      return 'verdict: clean';
    case 'vacuous':
      return `verdict: nothing to judge (${nothingToJudge.join(', ')})`;
    case 'violated': {
      const names = invariants.filter(({ violations }) => violations > 0).map(({ name }) => name);
      return `verdict: violated (${names.join(', ')})`;
    }
  }
}
