import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { CHECKS } from './checks/index.ts';
import { NOT_CHECKED, NOT_CHECKED_AREAS } from './not-checked/index.ts';
import { MUTANTS } from './selftest/mutants/index.ts';
import { VARIANTS } from './selftest/variants.ts';
import { findRequirement, type Requirement, REQUIREMENTS, textHashOf } from './spec/requirements.ts';
import { WITHOUT_MUTANT } from './traceability-exceptions.ts';

const checkIds = CHECKS.map(({ id }) => id);
const covers = CHECKS.flatMap(({ id, covers: own }) =>
  Object.entries(own).map(([requirement, hash]) => ({ check: id, requirement, hash })),
);
const covered = new Set(covers.map(({ requirement }) => requirement));
const ofLevel = (level: Requirement['level']): Requirement[] =>
  REQUIREMENTS.filter((each) => each.level === level);

describe('requirements', () => {
  it('that are a MUST have a check, or a reason for having none', () => {
    const missing = ofLevel('MUST').filter(({ id }) => !covered.has(id) && NOT_CHECKED[id] === undefined);
    expect(missing.map(({ id, text }) => `${id} ${text}`)).toEqual([]);
  });

  it('with a reason for having no check have none, and stand in one area', () => {
    expect(Object.keys(NOT_CHECKED).filter((id) => covered.has(id))).toEqual([]);
    const ids = NOT_CHECKED_AREAS.flatMap((area) => Object.keys(area));
    expect(duplicatesOf(ids)).toEqual([]);
  });

  it('have the text that their reason was written for', () => {
    const stale = Object.entries(NOT_CHECKED).filter(([id, { hash }]) => hashOf(id) !== hash);
    expect(
      stale.map(([id]) => `${id}: read its text again, then empty the hash and run stamp-hashes.mjs`),
    ).toEqual([]);
  });
});

describe('checks', () => {
  it('cover requirements that exist, with the text that they were written for', () => {
    const stale = covers.filter(({ requirement, hash }) => hashOf(requirement) !== hash);
    expect(
      stale.map(
        ({ check, requirement }) =>
          `${check}: look at it again for ${requirement}, then empty its hash and run stamp-hashes.mjs`,
      ),
    ).toEqual([]);
  });

  it('have ids in kebab-case, each of its own, and cover something', () => {
    expect(checkIds.filter((id) => !KEBAB.test(id))).toEqual([]);
    expect(duplicatesOf(checkIds)).toEqual([]);
    expect(CHECKS.filter((check) => Object.keys(check.covers).length === 0).map(({ id }) => id)).toEqual([]);
  });

  it('have a title that is a sentence', () => {
    expect(
      CHECKS.filter(({ title }) => !/^[A-Z`0-9].*\.$/.test(title)).map(({ id, title }) => `${id}: ${title}`),
    ).toEqual([]);
  });

  it('run after checks of their own group that exist', () => {
    const wrong = CHECKS.flatMap((check) =>
      (check.after ?? []).filter((id) => !isBefore(id, check)).map((id) => `${check.id}: ${id}`),
    );
    expect(wrong).toEqual([]);
  });

  it('need a feature or its absence, not both, and no delivery for a recorder', () => {
    const wrong = CHECKS.filter(({ features = [], withoutFeature = '' }) =>
      features.includes(withoutFeature),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it('turn red by a mutant, or say why none can turn them', () => {
    const killed = new Set(MUTANTS.map(({ check }) => check));
    const missing = checkIds.filter((id) => !killed.has(id) && WITHOUT_MUTANT[id] === undefined);
    expect(missing).toEqual([]);
    const needless = Object.keys(WITHOUT_MUTANT).filter((id) => killed.has(id) || !checkIds.includes(id));
    expect(needless).toEqual([]);
  });
});

describe('mutants', () => {
  const source = readdirSync(new URL('reference', import.meta.url), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(`reference/${name}`, import.meta.url), 'utf8'))
    .join('\n');
  const planted = (id: string): boolean => source.includes(`'${id}'`);

  it('have ids in kebab-case, each of its own', () => {
    const ids = [...MUTANTS, ...VARIANTS].map(({ id }) => id);
    expect(ids.filter((id) => !KEBAB.test(id))).toEqual([]);
    expect(duplicatesOf(ids)).toEqual([]);
  });

  it('are meant for a check that exists', () => {
    expect(
      MUTANTS.filter(({ check }) => !checkIds.includes(check)).map(({ id, check }) => `${id}: ${check}`),
    ).toEqual([]);
  });

  it('are planted in the reference implementation, and so are variants', () => {
    expect([...MUTANTS, ...VARIANTS].map(({ id }) => id).filter((id) => !planted(id))).toEqual([]);
  });
});

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function hashOf(id: string): string | undefined {
  const requirement = findRequirement(id);
  return requirement === undefined ? undefined : textHashOf(requirement);
}

function duplicatesOf(ids: readonly string[]): string[] {
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}

function isBefore(id: string, { runs = 'beside' }: Check): boolean {
  const before = CHECKS.find((check) => check.id === id);
  return before !== undefined && (before.runs ?? 'beside') === runs;
}
