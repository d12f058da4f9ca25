import type { Check } from '../check.ts';
import { findRequirement } from '../spec/requirements.ts';

// What TypeSpec files are about; requirements in prose have it in the name of their file.
const MODELS: Readonly<Record<string, string>> = {
  'recorder/submit.tsp': 'Submit',
  'recorder/read.tsp': 'Read',
  'recorder/operate.tsp': 'Operate',
  'recorder/queues.tsp': 'Queues',
  'recorder/targets.tsp': 'Targets',
  'recorder/schedules.tsp': 'Schedules',
  'recorder/server.tsp': 'Server',
  'callback/target.tsp': 'Delivery',
};

/** The part of the specification that a requirement belongs to, for example `Delivery`. */
export function areaOfRequirement(id: string): string {
  const source = findRequirement(id)?.source ?? '';
  const [, name] = /^requirements\/\d+-(.+)\.md$/.exec(source) ?? [];
  if (name === undefined) return MODELS[source] ?? 'Other';
  return name === 'json' ? 'JSON' : `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}

/** The part of the specification that a check's main requirement belongs to. */
export function areaOf({ covers }: Pick<Check, 'covers'>): string {
  return areaOfRequirement(Object.keys(covers)[0] ?? '');
}
