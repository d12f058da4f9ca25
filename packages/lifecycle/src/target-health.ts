import type { ErrorCode } from '@dispatchr/contract';
import type { Answer, Outcome } from './outcome.ts';

/**
 * How the schedulers treat an origin. A healthy one has no row; the arrows are all that changes its row:
 *
 * | from           | what happens                                         | to             |
 * |----------------|------------------------------------------------------|----------------|
 * | healthy        | 503 with `Retry-After`, retryable                    | `held-back`    |
 * | `held-back`    | its time is over                                     | healthy        |
 * | any but itself | `CIRCUIT_FAILURES` failures in a row                 | `circuit-open` |
 * | `circuit-open` | a probe fails: the pause to the next one doubles     | `circuit-open` |
 * | `circuit-open` | a probe is answered                                  | `returning`    |
 * | `returning`    | `RETURN_FAILURES` failures in a row                  | `circuit-open` |
 * | `returning`    | `RETURN_MS` pass                                     | healthy        |
 * | any            | an operator closes the circuit                       | healthy        |
 *
 * A single URL is healthy or `held-back`, after 429 with `Retry-After`. Spec: HLD-010 to HLD-025.
 */
export type HealthSign = 'failure' | 'answer' | 'nothing';

/** Failures in a row that open a circuit; the spec allows 5 … 50. Spec: HLD-020. */
export const CIRCUIT_FAILURES = 20;

/** Failures in a row that open it again while deliveries return: the least that the spec allows. */
export const RETURN_FAILURES = 5;

/** Milliseconds after a probe was answered until deliveries are limited no longer. */
export const RETURN_MS = 10_000;

/** Milliseconds from one probe's end to the next probe: the first and the longest pause. */
const PROBE_PAUSE_MS = 1000;
const PROBE_MAX_PAUSE_MS = 30_000;

/** Share of a hold-back that is added by chance, and most milliseconds of it: not all come back at one instant. */
const HOLD_JITTER = 0.1;
const HOLD_MAX_JITTER_MS = 10_000;

const FAILURE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** What these say is of the task or of this process. */
const SIGNS_OF_NOTHING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'target-blocked',
  'invalid-request',
  'lease-lost',
  'released',
]);

/** Whatever comes over a connection that stood is an answer, HTTP or not. */
const SIGNS_OF_LIFE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['not-http', 'response-too-large']);

/** What an attempt's end says of its origin. Spec: HLD-020, HLD-021. */
export function healthSignOf(answer: Answer): HealthSign {
  if (answer.kind === 'response') return FAILURE_STATUSES.has(answer.status) ? 'failure' : 'answer';
  if (SIGNS_OF_NOTHING.has(answer.code)) return 'nothing';
  return SIGNS_OF_LIFE.has(answer.code) ? 'answer' : 'failure';
}

/** What is held back by an answer, and for how long. */
export interface Hold {
  readonly what: 'url' | 'origin';
  /** Whole milliseconds, 1 or more. */
  readonly holdMs: number;
}

/** What an answer asks to be held back, never for less time than it asks for. Spec: HLD-010, HLD-011. */
export function holdOf(answer: Answer, outcome: Outcome, random: () => number): Hold | undefined {
  if (answer.kind !== 'response' || outcome.kind !== 'retryable' || !outcome.notBeforeMs) return undefined;
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  const jitterMs = Math.min(HOLD_MAX_JITTER_MS, outcome.notBeforeMs * HOLD_JITTER) * random();
  const holdMs = Math.ceil(outcome.notBeforeMs + jitterMs);
  return { what: answer.status === 429 ? 'url' : 'origin', holdMs };
}

/** Milliseconds until the next probe after so many that failed (0, 1, …): 1, 2, 4, … 30 s. Spec: HLD-022. */
export function probePauseMs(failedProbes: number): number {
  return Math.min(PROBE_MAX_PAUSE_MS, PROBE_PAUSE_MS * 2 ** failedProbes);
}

/**
 * Most attempts in flight that one scheduler may have for an origin so many milliseconds after its probe was
 * answered: 1 in the first second, 2 in the next, 4 …; Infinity once it has returned. Spec: HLD-023.
 */
export function returnAllowance(sinceMs: number): number {
  return sinceMs >= RETURN_MS ? Infinity : 2 ** Math.max(0, Math.floor(sinceMs / 1000));
}
