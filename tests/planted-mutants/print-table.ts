// Prints the planted faults as a table for the documentation: node tests/planted-mutants/print-table.ts
import { RELIABILITY_MUTANTS } from './reliability.ts';
import { MUTANT_KINDS } from './reliability-mutant.ts';

const rows = MUTANT_KINDS.flatMap((kind) => RELIABILITY_MUTANTS.filter((mutant) => mutant.kind === kind)).map(
  ({ kind, fault, plants, caughtBy }) => [
    kind,
    fault,
    plants.map(({ file }) => code(file)).join(', '),
    `${code(caughtBy.file)}: ${caughtBy.test}`,
  ],
);
const HEAD = ['mutant', 'what then happens', 'planted in', 'caught by'];

for (const row of [HEAD, HEAD.map(() => '---'), ...rows])
  console.log(`| ${row.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`);

function code(text: string): string {
  return `\`${text}\``;
}
