import { duplicatesOf } from '../excuses.ts';
import { faultsThatSevered } from '../fault-effects.ts';
import { Counts, type CreateFigure } from '../figure.ts';

const UNEXPLAINED = 'NOTHING';

/** Deliveries after a 2xx, and lost leases, by the faults that explain them; one may have several. */
export const duplicateFigures: CreateFigure = (run) => {
  const duplicates = new Counts();
  const lostLeases = new Counts();
  let total = 0;
  let lost = 0;
  return {
    collect(task) {
      for (const { excuses } of duplicatesOf(task, run)) {
        total += 1;
        for (const excuse of excuses.length > 0 ? excuses : [UNEXPLAINED]) duplicates.add(excuse);
      }
      for (const { scheduler, heldSince, end } of task.attempts) {
        if (end?.ended?.outcome !== 'lease-lost') continue;
        lost += 1;
        const faults = faultsThatSevered(run, scheduler, { from: heldSince, until: end.at });
        const names = [...new Set(faults.map(({ name }) => name))];
        for (const name of names.length > 0 ? names : [UNEXPLAINED]) lostLeases.add(name);
      }
    },
    table: () => ({
      title: 'duplicates',
      lines: [
        ['delivered again after a 2xx', total],
        ...duplicates.entries().map(([name, count]) => [`  explained by ${name}`, count] as const),
        ['attempts that lost their lease', lost],
        ...lostLeases.entries().map(([name, count]) => [`  explained by ${name}`, count] as const),
      ],
    }),
  };
};
