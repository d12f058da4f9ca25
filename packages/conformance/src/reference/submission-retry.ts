import type { MutantId } from '../selftest/mutants/index.ts';
import type { JsonNode } from './json-reader.ts';
import type { MemberReader } from './member-reader.ts';
import { LIMITS } from './settings.ts';
import { compact } from './compact.ts';
import type { RetryPolicy } from './task.ts';

const MEMBERS = [
  'maxAttempts',
  'minBackoffMs',
  'maxBackoffMs',
  'multiplier',
  'jitter',
  'maxDurationMs',
  'retryOn',
  'failOn',
];

/** Reads `retry` and fills in the defaults. Spec: REC-011, REC-012, RTY-001. */
export function readRetry(
  reader: MemberReader,
  node: JsonNode | undefined,
  pointer: string,
  mutants: ReadonlySet<MutantId>,
): RetryPolicy {
  const isPassed = node?.kind === 'array' && mutants.has('array-for-policy-accepted');
  const given = node && !isPassed ? reader.members(node, pointer, MEMBERS) : new Map<string, JsonNode>();
  const number = (name: string, least: number, most: number, whole = true) =>
    reader.number(given.get(name), `${pointer}/${name}`, [least, most], whole);
  const isUnlimited = given.has('maxAttempts') && mutants.has('max-attempts-limit-ignored');
  const policy = compact<RetryPolicy>({
    maxAttempts: number('maxAttempts', 1, isUnlimited ? Infinity : LIMITS.maxAttempts) ?? 100,
    minBackoffMs: number('minBackoffMs', LIMITS.minBackoffMs, LIMITS.maxBackoffMs) ?? 2000,
    maxBackoffMs:
      number('maxBackoffMs', LIMITS.minBackoffMs, LIMITS.maxBackoffMs) ??
      (mutants.has('max-backoff-default-a-day') ? 86_400_000 : 3_600_000),
    multiplier: number('multiplier', 1, 10, mutants.has('fractional-multiplier-refused')) ?? 2,
    jitter: number('jitter', 0, 1, false) ?? (node && mutants.has('partial-retry-not-filled-in') ? 0 : 0.2),
    maxDurationMs: number('maxDurationMs', 1, 31_536_000_000),
    retryOn: readRules(reader, given.get('retryOn'), `${pointer}/retryOn`),
    failOn: readRules(reader, given.get('failOn'), `${pointer}/failOn`),
  });
  const isGiven = given.has('maxBackoffMs') && given.has('minBackoffMs');
  const fault = isGiven ? 'backoff-order-unjudged' : 'backoff-defaults-unjudged';
  if (policy.maxBackoffMs < policy.minBackoffMs && !mutants.has(fault)) {
    const name = given.has('maxBackoffMs') ? 'maxBackoffMs' : 'minBackoffMs';
    reader.fault(`${pointer}/${name}`, '`maxBackoffMs` not below `minBackoffMs`', given.get(name));
  }
  const isInBoth = policy.failOn.some((rule) => policy.retryOn.includes(rule));
  if (isInBoth && !mutants.has('rules-in-both-lists-accepted')) {
    reader.fault(`${pointer}/failOn`, 'nothing that `retryOn` names too', given.get('failOn'));
  }
  return policy;
}

function readRules(reader: MemberReader, node: JsonNode | undefined, pointer: string): readonly string[] {
  if (node === undefined) return [];
  if (node.kind !== 'array' || node.items.length > 50) {
    reader.fault(pointer, 'an array of at most 50 items', node);
    return [];
  }
  const rules = node.items.map((item, index) =>
    reader.string(item, `${pointer}/${index}`, 'a status of 300 to 599, or a class of them', (rule) =>
      /^[345]([0-9]{2}|xx)$/.test(rule),
    ),
  );
  return rules.filter((rule) => rule !== undefined);
}
