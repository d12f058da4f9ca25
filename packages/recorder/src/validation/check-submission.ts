import { DEFAULTS } from '@dispatchr/contract';
import type {
  Limits,
  ProblemError,
  RequestTemplate,
  RetryPolicySubmission,
  TaskSubmission,
} from '@dispatchr/contract';
import { remember } from '@dispatchr/lifecycle';
import { checkHeaders } from './check-headers.ts';
import { checkTarget } from './check-target.ts';
import { parseInstant } from './instant.ts';

/** What a submission is measured against beyond its schema. */
export interface SubmissionRules {
  limits: Limits;
  now: () => number;
}

/** A submission whose members have the right types; those that have not are left out. */
type WellTyped = Partial<TaskSubmission>;

/** `dueAt` may be this far ahead: ten years with their leap days. */
const MAX_AHEAD_MS = 3653 * 86_400_000;

/**
 * What is wrong with a submission that its schema cannot say. `schemaErrors` are those of this submission:
 * members they name are not looked at again.
 */
export function checkSubmission(
  submission: object,
  schemaErrors: readonly ProblemError[],
  rules: SubmissionRules,
): ProblemError[] {
  const sound =
    schemaErrors.length === 0 ? (submission as WellTyped) : soundMembersOf(submission, schemaErrors);
  return [
    ...checkWork(submission),
    ...checkTargetMember(sound.target),
    ...checkIdLength(sound.id, rules.limits),
    ...(sound.headers ? checkHeaders(sound.headers, rules.limits) : []),
    ...checkInstants(sound, rules.now),
    ...checkTimeout(sound.timeoutMs, rules.limits),
    ...checkRetry(sound.retry ?? {}, rules.limits),
    ...checkRequest(sound.request ?? {}),
  ];
}

function soundMembersOf(submission: object, schemaErrors: readonly ProblemError[]): WellTyped {
  const wrong = new Set(schemaErrors.map(({ pointer }) => pointer?.split('/')[1]));
  return Object.fromEntries(Object.entries(submission).filter(([name]) => !wrong.has(name)));
}

function checkWork(submission: object): ProblemError[] {
  const hasRequest = Object.hasOwn(submission, 'request');
  if (hasRequest && Object.hasOwn(submission, 'taskArgs')) {
    return [{ pointer: '/taskArgs', detail: 'expected either "request" or "taskArgs", got both' }];
  }
  if (hasRequest || Object.hasOwn(submission, 'taskName')) return [];
  return [{ pointer: '/taskName', detail: 'expected "taskName", or "request" in its place, got neither' }];
}

const rememberedCheck = remember(checkTarget);

function checkTargetMember(target: string | undefined): ProblemError[] {
  return errorsAt('/target', target === undefined ? undefined : rememberedCheck(target));
}

function checkIdLength(id: string | undefined, { maxIdLength }: Limits): ProblemError[] {
  if (id === undefined || id.length <= maxIdLength) return [];
  return errorsAt('/id', `expected at most ${maxIdLength} characters, got ${id.length}`);
}

function checkInstants({ dueAt, delayMs, expiresAt }: WellTyped, now: () => number): ProblemError[] {
  const dueMs = dueAt === undefined ? undefined : parseInstant(dueAt);
  const expiresMs = expiresAt === undefined ? undefined : parseInstant(expiresAt);
  const isTooFar = dueMs !== undefined && dueMs > now() + MAX_AHEAD_MS;
  const isTooLate = dueMs !== undefined && expiresMs !== undefined && expiresMs <= dueMs;
  return [
    ...errorsAt(
      '/delayMs',
      dueAt !== undefined && delayMs !== undefined && 'expected either "dueAt" or "delayMs", got both',
    ),
    ...errorsAt('/dueAt', isTooFar && `expected an instant at most ten years ahead, got ${dueAt}`),
    ...errorsAt('/expiresAt', isTooLate && `expected an instant after "dueAt" (${dueAt}), got ${expiresAt}`),
  ];
}

/** What is wrong with a `timeoutMs`. */
export function checkTimeout(
  timeoutMs: number | undefined,
  { minTimeoutMs, maxTimeoutMs }: Limits,
): ProblemError[] {
  return checkRange('/timeoutMs', timeoutMs, minTimeoutMs, maxTimeoutMs);
}

/** What is wrong with a `retry`. */
export function checkRetry(retry: RetryPolicySubmission, limits: Limits): ProblemError[] {
  const retryOn = new Set(retry.retryOn);
  const inBoth = (retry.failOn ?? []).filter((rule) => retryOn.has(rule));
  return [
    ...checkRange('/retry/maxAttempts', retry.maxAttempts, 1, limits.maxAttempts),
    ...checkRange('/retry/minBackoffMs', retry.minBackoffMs, limits.minBackoffMs, limits.maxBackoffMs),
    ...checkRange('/retry/maxBackoffMs', retry.maxBackoffMs, 1, limits.maxBackoffMs),
    ...checkBackoffs(retry),
    ...errorsAt(
      '/retry/failOn',
      inBoth.length > 0 && `expected no status that "retryOn" has too, got ${inBoth.join(', ')}`,
    ),
  ];
}

/** The policy that counts is the one with the defaults filled in. Spec: REC-011. */
function checkBackoffs({ minBackoffMs, maxBackoffMs }: RetryPolicySubmission): ProblemError[] {
  const { minBackoffMs: defaultMin, maxBackoffMs: defaultMax } = DEFAULTS.retry;
  if ((minBackoffMs ?? defaultMin) <= (maxBackoffMs ?? defaultMax)) return [];
  if (maxBackoffMs === undefined) {
    const most = `at most ${defaultMax}, the default of "maxBackoffMs"`;
    return errorsAt('/retry/minBackoffMs', `expected ${most}, got ${minBackoffMs}; give "maxBackoffMs" too`);
  }
  const least =
    minBackoffMs === undefined
      ? `at least ${defaultMin}, the default of "minBackoffMs", got ${maxBackoffMs}; give "minBackoffMs" too`
      : `at least "minBackoffMs" (${minBackoffMs}), got ${maxBackoffMs}`;
  return errorsAt('/retry/maxBackoffMs', `expected ${least}`);
}

function checkRequest({ body, bodyEncoding }: RequestTemplate): ProblemError[] {
  const isBroken = bodyEncoding === 'base64' && body !== undefined && !isBase64(body);
  return errorsAt('/request/body', isBroken && 'expected padded base64 (RFC 4648 section 4)');
}

/** Decoding and encoding again is the only check that knows stray bits in the last character. */
function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

function checkRange(pointer: string, value: number | undefined, least: number, most: number): ProblemError[] {
  const isOutside = value !== undefined && (value < least || value > most);
  return errorsAt(pointer, isOutside && `expected ${least} to ${most}, got ${value}`);
}

function errorsAt(pointer: string, detail: string | false | undefined): ProblemError[] {
  return detail === false || detail === undefined ? [] : [{ pointer, detail }];
}
