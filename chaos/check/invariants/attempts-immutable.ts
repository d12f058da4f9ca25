import type { Invariant } from '../invariant.ts';

/** What happened has happened. Spec: STA-024, STA-021. */
export const attemptsImmutable: Invariant = {
  name: 'attempts',
  sentence: 'an attempt is recorded exactly once, when it ends, and never changes',
  violationsOf({ transitions, attempts, steps }) {
    const changes = transitions.filter(({ table }) => table === 'attempts');
    const ends = new Set(steps.flatMap(({ ended }) => (ended === undefined ? [] : [ended])));
    const numbers = changes.filter(({ op }) => op === 'insert').map(({ row }) => row.attempt);
    return [
      ...changes
        .filter(({ op }) => op !== 'insert')
        .map(({ op, row }) => `${op} of the record of attempt ${row.attempt}`),
      ...numbers
        .filter((number, index) => numbers.indexOf(number) !== index)
        .map((number) => `attempt ${number} is recorded twice`),
      ...changes
        .filter(({ op, row }) => op === 'insert' && !ends.has(row))
        .map(({ row }) => `attempt ${row.attempt} is recorded by a change that ended none`),
      ...attempts
        .filter(({ end }) => end !== undefined && end.ended === undefined)
        .map(({ number }) => `attempt ${number} ended without a record`),
    ];
  },
};
