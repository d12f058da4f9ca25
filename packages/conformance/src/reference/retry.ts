import type { MutantId } from '../selftest/mutants/index.ts';
import { parseHttpDate } from './http-date.ts';
import type { Fields } from './outcome.ts';
import { LIMITS } from './settings.ts';
import type { RetryPolicy } from './task.ts';

/** Milliseconds to wait after the n-th used attempt, `leastMs` of `Retry-After` at least. Spec: RTY-002, RTY-003, RTY-010. */
export function pauseMs(
  retry: RetryPolicy,
  used: number,
  leastMs: number,
  mutants: ReadonlySet<MutantId>,
): number {
  const multiplier = mutants.has('constant-backoff') ? 1 : retry.multiplier;
  const cap = mutants.has('backoff-cap-ignored') ? LIMITS.maxBackoffMs : retry.maxBackoffMs;
  const first = mutants.has('first-retry-immediate') && used === 1;
  const isDefault = mutants.has('default-pause-halved') && retry.minBackoffMs === 2000;
  const least = isDefault ? 1000 : retry.minBackoffMs;
  const bare = first ? 0 : Math.min(cap, least * multiplier ** (used - 1));
  const share = mutants.has('jitter-ignored') ? 0 : retry.jitter * Math.random();
  const factor = mutants.has('jitter-shortens') ? 1 - share : 1 + share;
  const pause = longerOf(bare, leastMs, share, mutants) * factor;
  return mutants.has('pause-rounded-down') ? Math.floor(pause) : Math.ceil(pause);
}

function longerOf(bare: number, asked: number, share: number, mutants: ReadonlySet<MutantId>): number {
  if (mutants.has('retry-after-added')) return bare + asked;
  if (mutants.has('retry-after-replaces-pause') && asked > 0) return asked;
  return Math.max(bare, mutants.has('retry-after-shortened-by-jitter') ? asked * (1 - share) : asked);
}

/** Milliseconds that an answer asks to be left alone for; 0 if it does not. Spec: RTY-021 to RTY-025. */
export function retryAfterMs(fields: Fields, mutants: ReadonlySet<MutantId>): number {
  const text = fields.get('retry-after')?.[0] ?? '';
  const cap = mutants.has('retry-after-uncapped') ? Number.MAX_SAFE_INTEGER / 4096 : LIMITS.retryAfterMaxMs;
  const read = mutants.has('malformed-retry-after-read') ? Number.parseFloat(text) : 0;
  if (read > 0) return Math.min(cap, read * 1000);
  if (/^[0-9]+$/.test(text)) {
    if (mutants.has('enormous-retry-after-ignored') && !Number.isSafeInteger(Number(text))) return 0;
    return mutants.has('retry-after-seconds-ignored') ? 0 : Math.min(cap, Number(text) * 1000);
  }
  const until = isUnknownForm(text, mutants) ? undefined : parseHttpDate(text);
  if (until === undefined) return 0;
  const date = mutants.has('retry-after-against-own-clock') ? '' : (fields.get('date')?.[0] ?? '');
  const answered = parseHttpDate(date);
  if (answered === undefined && mutants.has('retry-after-date-needs-date')) return 0;
  const wish = until - (answered ?? Date.now());
  if (wish <= 0 && mutants.has('past-retry-after-date-waits-longest')) return cap;
  return Math.max(0, Math.min(cap, wish));
}

/** Never, but for mutants. */
function isUnknownForm(text: string, mutants: ReadonlySet<MutantId>): boolean {
  if (mutants.has('rfc-850-date-unknown') && text.includes('-')) return true;
  return (
    mutants.has('retry-after-date-ignored') || (mutants.has('asctime-date-unknown') && !text.endsWith('GMT'))
  );
}
