import { createHash } from 'node:crypto';
import requirements from '../../../../spec/emitted/requirements.json' with { type: 'json' };

/** One numbered sentence of the specification. */
export interface Requirement {
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY';
  readonly text: string;
  /** The operation that it is bound to, if it is bound to one. */
  readonly operation?: string;
  /** The file of `spec/` that states it. */
  readonly source: string;
}

/** Every requirement, ordered by id. */
export const REQUIREMENTS: readonly Requirement[] = requirements;

const byId = new Map(REQUIREMENTS.map((each) => [each.id, each]));

/** The requirement of that id; `undefined` if there is none. */
export function findRequirement(id: string): Requirement | undefined {
  return byId.get(id);
}

/** Eight hexadecimal digits that change with the text: a check carries those of the text it was written for. */
export function textHashOf(requirement: Requirement): string {
  return createHash('sha256').update(requirement.text).digest('hex').slice(0, 8);
}
