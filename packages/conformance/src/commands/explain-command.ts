import type { Check } from '../check.ts';
import { CHECKS } from '../checks/index.ts';
import { NOT_CHECKED } from '../not-checked/index.ts';
import type { Paint } from '../reports/paint.ts';
import { EXIT_CODES } from '../run/exit-codes.ts';
import { UsageError } from '../run/violation.ts';
import { hintOf } from '../selection/near-misses.ts';
import type { Mutant } from '../selftest/mutant.ts';
import { MUTANTS } from '../selftest/mutants/index.ts';
import { findRequirement, type Requirement, REQUIREMENTS } from '../spec/requirements.ts';
import type { CommandContext } from './command-context.ts';
import { exampleFor } from './curl-examples.ts';
import { conditionsOf } from './list-command.ts';

/** `explain`: tells what a requirement, a check or a mutant is. */
export function explainCommand(id: string, { console }: CommandContext): number {
  const lines = explanationOf(id, console.paint);
  console.write(`${lines.join('\n')}\n`);
  return EXIT_CODES.conformant;
}

/** The explanation as lines; throws a `UsageError` that names near misses if nothing has that id. */
export function explanationOf(id: string, paint: Paint): string[] {
  const requirement = findRequirement(id.toUpperCase());
  if (requirement !== undefined) return requirementLines(requirement, paint);
  const check = CHECKS.find((each) => each.id === id);
  if (check !== undefined) return checkLines(check, paint);
  const mutant = MUTANTS.find((each) => each.id === id);
  if (mutant !== undefined) return mutantLines(mutant, paint);
  const names = [...REQUIREMENTS, ...CHECKS, ...MUTANTS].map((each) => each.id);
  throw new UsageError(`${id} is no requirement, no check and no mutant${hintOf(id, names)}`);
}

function requirementLines({ id, level, text, operation, source }: Requirement, paint: Paint): string[] {
  const checks = CHECKS.filter(({ covers }) => covers[id] !== undefined);
  const reason = NOT_CHECKED[id]?.reason;
  return [
    `${paint('bold', id)} (${level}) ${text}`,
    `  stated in spec/${source}${operation === undefined ? '' : `, operation ${operation}`}`,
    '',
    ...(checks.length > 0 ? ['Checks:', ...checks.map((check) => `  ${summaryOf(check, paint)}`)] : []),
    ...(reason === undefined ? [] : [`Not checked: ${reason}`]),
    ...(checks.length === 0 && reason === undefined
      ? [level === 'MAY' ? 'No check: it permits, and demands nothing.' : 'No check shows it yet.']
      : []),
    ...reproduction(checks, operation),
  ];
}

function checkLines(check: Check, paint: Paint): string[] {
  const requirements = Object.keys(check.covers).map((id) => {
    const { level = '', text = 'is not in this specification' } = findRequirement(id) ?? {};
    return `  ${paint('cyan', id)} (${level}) ${text}`;
  });
  const mutants = MUTANTS.filter(({ check: meant }) => meant === check.id);
  const [main = ''] = Object.keys(check.covers);
  return [
    `${paint('bold', check.id)}${conditionsOf(check)}`,
    `  ${check.title}`,
    '',
    'Shows:',
    ...requirements,
    ...(mutants.length === 0 ? [] : ['', 'Finds, for example:', ...mutants.map(({ fault }) => `  ${fault}`)]),
    ...((check.after ?? []).length === 0 ? [] : ['', `Runs after ${check.after?.join(', ')}.`]),
    ...reproduction([check], findRequirement(main)?.operation),
  ];
}

function mutantLines({ id, fault, check, collateral = [] }: Mutant, paint: Paint): string[] {
  return [
    `${paint('bold', id)} (mutant) ${fault}`,
    `  found by ${check === '' ? 'no check yet' : check}`,
    ...(collateral.length === 0 ? [] : [`  may also turn red: ${collateral.join(', ')}`]),
    '',
    'See it:',
    `  dispatchr-conformance reference --mutant ${id}`,
    `  dispatchr-conformance selftest --only ${id}`,
  ];
}

function reproduction(checks: readonly Check[], operation: string | undefined): string[] {
  const [first] = checks;
  const run =
    first === undefined ? [] : [`  dispatchr-conformance --url "$URL" --only ${first.id} --trace all`];
  const curl = exampleFor(operation, first);
  if (run.length === 0 && curl.length === 0) return [];
  return [
    '',
    'Reproduce, with URL the base of the implementation:',
    ...run,
    ...(first === undefined
      ? []
      : ['  which prints the curl line of every request that it sends; or by hand:']),
    ...curl.map((line) => `  ${line}`),
  ];
}

function summaryOf(check: Check, paint: Paint): string {
  return `${paint('bold', check.id)}${conditionsOf(check)} ${check.title}`;
}
