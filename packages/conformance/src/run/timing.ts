/** How long things take with this implementation on this machine, and what the checks make of it. */
export interface Timing {
  /** The worst time from a submit to its delivery among the canaries, in milliseconds: L. */
  readonly latencyMs: number;
  /** The pause between tries that checks ask for: long against L, and allowed by `limits.minBackoffMs`. */
  readonly backoffMs: number;
  /** How long a check waits for what must come, before it says that it did not. */
  readonly patienceMs: number;
  /** How long the run waits, once everything else is done, for what must not come. */
  readonly quietMs: number;
  /** After how long a tick of a schedule that nobody recorded counts as missed. Spec: SCH-053. */
  readonly missedAfterMs: number;
}

export interface TimingInput {
  readonly latencyMs: number;
  readonly minBackoffMs: number;
  /** Scales L: a slow or shared machine needs more. */
  readonly multiplier: number;
  /** Overrides the patience; the self-test waits less for what it knows to be broken. */
  readonly patienceMs?: number;
}

// A pause must stand out from the noise of a busy machine, some tens of milliseconds, or a missing pause goes unseen.
const LEAST_BACKOFF_MS = 100;
const LEAST_PATIENCE_MS = 15_000;
const LEAST_QUIET_MS = 1000;
const MISSED_AFTER_MS = 60_000;

/** Derives every time of a run from the latency that was measured. */
export function timingOf({ latencyMs, minBackoffMs, multiplier, patienceMs }: TimingInput): Timing {
  const latency = latencyMs * multiplier;
  const backoffMs = Math.ceil(Math.max(minBackoffMs, 4 * latency, LEAST_BACKOFF_MS));
  return {
    latencyMs: latency,
    backoffMs,
    patienceMs: patienceMs ?? Math.ceil(Math.max(LEAST_PATIENCE_MS * multiplier, 40 * latency)),
    // Long enough for one more pause and its delivery.
    quietMs: Math.ceil(Math.max(LEAST_QUIET_MS, 1.5 * backoffMs + 2 * latency)),
    missedAfterMs: MISSED_AFTER_MS,
  };
}

/** How much earlier than its minimum a pause may look: clocks and timers are read at both ends. */
export function earlinessMs(minimumMs: number): number {
  return Math.max(25, minimumMs / 100);
}
