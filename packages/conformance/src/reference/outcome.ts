import type { MutantId } from '../selftest/mutants/index.ts';
import type { AttemptOutcome, RetryPolicy } from './task.ts';

/** Fields of a header section, by name in lower case. */
export type Fields = ReadonlyMap<string, readonly string[]>;

const REJECTED = [400, 405, 410, 413, 414, 415, 422];

/** What an answer means: the table of answers, from the top. Spec: ANS-001 to ANS-008. */
export function outcomeOf(
  status: number,
  fields: Fields,
  retry: RetryPolicy,
  mutants: ReadonlySet<MutantId>,
): AttemptOutcome {
  if (mutants.has('no-content-fails') && status === 204) return 'rejected';
  const { failOn, retryOn } = listsOf(retry, mutants);
  const rules = [String(status), `${Math.floor(status / 100)}xx`];
  const isRejected = isRetryNo(fields, mutants);
  if (isRejected && mutants.has('retry-no-beats-2xx')) return 'rejected';
  if (status >= 200 && status <= 299) return isUnusual(status, mutants) ? 'retryable' : 'completed';
  const isOutvoted = mutants.has('retry-on-beats-retry-no') && rules.some((rule) => retryOn.includes(rule));
  if (isRejected && !isOutvoted) return 'rejected';
  if (mutants.has('class-beats-code') && failOn.includes(rules[1] ?? '')) return 'rejected';
  if (mutants.has('retry-on-before-fail-on') && rules.some((rule) => retryOn.includes(rule)))
    return 'retryable';
  for (const rule of rules) {
    if (failOn.includes(rule)) return 'rejected';
    if (retryOn.includes(rule)) return 'retryable';
  }
  if (mutants.has('retry-after-saves-from-rejection') && fields.has('retry-after')) return 'retryable';
  return mutatedOutcome(status, mutants) ?? (REJECTED.includes(status) ? 'rejected' : 'retryable');
}

/** Spec: ANS-002, ANS-010. */
function isRetryNo(fields: Fields, mutants: ReadonlySet<MutantId>): boolean {
  const wishes = mutants.has('retry-no-ignored') ? [] : (fields.get('dispatchr-retry') ?? []);
  if (mutants.has('any-dispatchr-retry-rejects')) return wishes.length > 0;
  return wishes.some((wish) => (mutants.has('retry-no-read-by-case') ? wish : wish.toLowerCase()) === 'no');
}

function listsOf(
  retry: RetryPolicy,
  mutants: ReadonlySet<MutantId>,
): Pick<RetryPolicy, 'failOn' | 'retryOn'> {
  const isCode = (rule: string): boolean => !rule.endsWith('xx');
  const failOn = mutants.has('fail-on-ignored') ? [] : retry.failOn;
  const retryOn = mutants.has('retry-on-ignored') ? [] : retry.retryOn;
  return {
    failOn: mutants.has('class-of-fail-on-ignored') ? failOn.filter(isCode) : failOn,
    retryOn: mutants.has('class-of-retry-on-ignored') ? retryOn.filter(isCode) : retryOn,
  };
}

const isUnusual = (status: number, mutants: ReadonlySet<MutantId>): boolean =>
  mutants.has('unusual-success-retried') && ![200, 201, 202, 204].includes(status);

function mutatedOutcome(status: number, mutants: ReadonlySet<MutantId>): AttemptOutcome | undefined {
  if (status === 422 && mutants.has('unprocessable-retried')) return 'retryable';
  if (status === 404 && mutants.has('not-found-rejected')) return 'rejected';
  if (status >= 600 && mutants.has('beyond-599-rejected')) return 'rejected';
  if (status >= 500 && mutants.has('server-error-rejected')) return 'rejected';
  if (status >= 300 && status <= 399 && mutants.has('redirect-rejected')) return 'rejected';
  return undefined;
}
