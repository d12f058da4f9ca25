import { FAULT_NAMES, type FaultEvent } from '../../events.ts';
import { Counts, seconds } from '../figure.ts';
import type { RunContext } from '../run-context.ts';
import type { FigureTable } from '../verdict.ts';

/** What is known of the run without its tasks: faults by kind, phases, and what the processes cost at most. */
export function runFigures(run: RunContext): FigureTable[] {
  return [faultTable(run), processTable(run)];
}

function faultTable({ faults }: RunContext): FigureTable {
  const counts = new Counts();
  for (const { name } of faults) counts.add(name);
  const struck = FAULT_NAMES.filter((name) => counts.get(name) > 0);
  return {
    title: 'faults',
    lines: [
      ['faults', faults.length],
      ['kinds', struck.length],
      ...struck.map((name) => [`  ${name}`, counts.get(name)] as const),
    ],
  };
}

function processTable(run: RunContext): FigureTable {
  const length = (from: PhaseName, until: PhaseName): string => {
    const [a, b] = [run.phaseAt(from), run.phaseAt(until)];
    return a === undefined || b === undefined ? 'not logged' : seconds(b - a);
  };
  return {
    title: 'run',
    lines: [
      ['load', length('load', 'healed')],
      ['time to drain', length('healed', 'drained')],
      ['processes started', run.lives.length],
      ...[...run.peaks].map(
        ([name, { residentBytes, fileDescriptors }]) =>
          [
            `peak of ${name}`,
            `${Math.round(residentBytes / 1e6)} MB, ${fileDescriptors} descriptors`,
          ] as const,
      ),
    ],
  };
}

type PhaseName = Extract<FaultEvent, { kind: 'phase' }>['phase'];
