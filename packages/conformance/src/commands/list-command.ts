import { CHECKS } from '../checks/index.ts';
import { areaOf } from '../reports/area.ts';
import { EXIT_CODES } from '../run/exit-codes.ts';
import { selectChecks } from '../selection/select-checks.ts';
import { SPEC_VERSION } from '../spec/documents.ts';
import { REQUIREMENTS } from '../spec/requirements.ts';
import type { Check } from '../check.ts';
import type { ListOptions } from '../options/catalogue-options.ts';
import type { CommandContext } from './command-context.ts';

/** `list`: every check, grouped, or as JSON. */
export function listCommand({ json, only }: ListOptions, { console }: CommandContext): number {
  const checks = selectChecks(CHECKS, { only, skip: [], features: [] });
  if (json) {
    const document = { specVersion: SPEC_VERSION, checks: checks.map(described), requirements: REQUIREMENTS };
    console.write(`${JSON.stringify(document, undefined, 2)}\n`);
    return EXIT_CODES.conformant;
  }
  const width = Math.max(...checks.map(({ id }) => id.length));
  for (const area of new Set(checks.map(areaOf))) {
    console.write(`${console.paint('bold', area)}\n`);
    for (const check of checks.filter((each) => areaOf(each) === area)) {
      const requirements = console.paint('cyan', Object.keys(check.covers).join(' '));
      console.write(`  ${check.id.padEnd(width)}  ${requirements}${conditionsOf(check)}\n`);
    }
  }
  console.write(
    `${checks.length} checks of ${REQUIREMENTS.length} requirements, specification ${SPEC_VERSION}\n`,
  );
  return EXIT_CODES.conformant;
}

/** What a check asks for, for example ` (with batch; needs control)`; empty if nothing. */
export function conditionsOf({ profile, features = [], withoutFeature, needs = [] }: Check): string {
  const conditions = [
    ...(profile === 'recorder' ? ['recorder'] : []),
    ...(features.length > 0 ? [`with ${features.join(', ')}`] : []),
    ...(withoutFeature === undefined ? [] : [`without ${withoutFeature}`]),
    ...(needs.length > 0 ? [`needs ${needs.join(', ')}`] : []),
  ];
  return conditions.length === 0 ? '' : ` (${conditions.join('; ')})`;
}

function described(check: Check): object {
  const { id, title, covers, profile, features = [], withoutFeature, needs = [], after = [] } = check;
  return {
    id,
    title,
    area: areaOf(check),
    requirements: Object.keys(covers),
    profile,
    features,
    ...(withoutFeature === undefined ? {} : { withoutFeature }),
    needs,
    after,
  };
}
