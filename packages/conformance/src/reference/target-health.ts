import type { MutantId } from '../selftest/mutants/index.ts';
import type { Settings } from './settings.ts';
import type { AttemptEnd } from './settlement.ts';
import type { Task } from './task.ts';

const OPENS_AFTER = 20;
const PROBE_EVERY_MS = 1000;
const RETURNS_FOR_MS = 3000;
const RETURN_DOUBLES_EVERY_MS = 500;
const FAILURES = new Set([
  'timeout',
  'connection-refused',
  'connection-reset',
  'connection-failed',
  'tls-failed',
  'name-not-resolved',
]);

interface Origin {
  state: 'healthy' | 'held-back' | 'circuit-open' | 'returning';
  sinceMs?: number;
  untilMs?: number;
  failures: number;
  lastError?: string;
  running: number;
}

/** What an answer asks for. */
interface Pause {
  readonly target: string;
  readonly origin: Origin;
  readonly status: number | undefined;
  readonly waitMs: number;
}

/** How targets fare: what is held back, and which circuits are open. */
export class TargetHealth {
  readonly #origins = new Map<string, Origin>();
  readonly #urls = new Map<string, number>();
  readonly #mutants: ReadonlySet<MutantId>;
  readonly #isWatched: boolean;

  constructor({ mutants, features }: Settings) {
    this.#mutants = mutants;
    this.#isWatched = features.has('target-health');
  }

  /** What keeps tasks for a target from being sent; `undefined` if nothing does. */
  closed({ target }: Task, nowMs: number): { reason: string; untilMs: number } | undefined {
    const origin = this.#origins.get(originOf(target));
    this.#settle(origin, nowMs);
    if (origin?.state !== 'circuit-open' && this.#isHostOpen(target))
      return { reason: 'circuit-open', untilMs: nowMs + 1000 };
    const heldMs = this.#mutants.has('hold-back-shown-before-the-circuit')
      ? this.#urls.get(target)
      : undefined;
    if (origin?.state === 'circuit-open' && heldMs === undefined) {
      const isProbed = origin.running > 0 && !this.#mutants.has('probes-overlap');
      return { reason: 'circuit-open', untilMs: Math.max(origin.untilMs ?? 0, isProbed ? nowMs + 50 : 0) };
    }
    const untilMs = Math.max(origin?.untilMs ?? 0, this.#urls.get(target) ?? 0);
    return untilMs > nowMs ? { reason: 'target-held-back', untilMs } : undefined;
  }

  /** Whether a task may be sent now: everything but what is closed, and the probe of an open circuit. */
  admits(task: Task, nowMs: number): boolean {
    const closed = this.closed(task, nowMs);
    if (closed?.reason === 'circuit-open') {
      if (this.#mutants.has('circuit-without-probes')) return false;
      return closed.untilMs <= nowMs || this.#mutants.has('probes-without-end');
    }
    return closed === undefined;
  }

  start({ target }: Task, nowMs: number): void {
    const origin = this.#of(target);
    origin.running += 1;
    if (origin.state === 'circuit-open') origin.untilMs = nowMs + this.#probeEveryMs();
  }

  end({ target }: Task, end: AttemptEnd, nowMs: number): void {
    const origin = this.#of(target);
    origin.running -= 1;
    if (!this.#isWatched || end.outcome === 'released') return;
    this.#count(origin, end, nowMs);
    const otherwiseMs = this.#mutants.has('unreadable-retry-after-holds-back') ? 60_000 : 0;
    const waitMs = end.outcome === 'retryable' ? (end.retryAfterMs ?? 0) || otherwiseMs : 0;
    const isUnheard = end.retryAfterInSeconds === false && this.#mutants.has('dates-hold-nothing-back');
    if (waitMs > 0 && !isUnheard) this.#holdBack({ target, origin, status: end.status, waitMs }, nowMs);
  }

  /** Spec: HLD-010, HLD-011. */
  #holdBack({ target, origin, status, waitMs }: Pause, nowMs: number): void {
    const isWhole = status === 429 && this.#mutants.has('origin-held-back-by-429');
    const isUrl = status === 503 && this.#mutants.has('only-the-url-held-back-by-503');
    if ((status === 429 && !this.#mutants.has('url-not-held-back')) || isUrl)
      this.#urls.set(target, nowMs + waitMs);
    if ((status !== 503 && !isWhole) || isUrl || origin.state === 'circuit-open') return;
    if (!this.#mutants.has('origin-not-held-back'))
      Object.assign(origin, { state: 'held-back', sinceMs: nowMs, untilMs: nowMs + waitMs });
  }

  close(origin: string): void {
    if (this.#mutants.has('close-ignored')) return;
    const running = this.#origins.get(origin)?.running ?? 0;
    this.#origins.set(origin, { state: 'healthy', failures: 0, running, sinceMs: Date.now() });
    if (this.#mutants.has('close-keeps-held-urls')) return;
    for (const url of this.#urls.keys()) if (originOf(url) === origin) this.#urls.delete(url);
  }

  /** An origin as it is shown. */
  show(name: string, nowMs: number) {
    const origin = this.#origins.get(name);
    this.#settle(origin, nowMs);
    const urls = this.#mutants.has('held-urls-not-listed') ? [] : [...this.#urls];
    const held = urls.filter(([url, untilMs]) => originOf(url) === name && untilMs > nowMs);
    return { origin: name, state: 'healthy', failures: 0, running: 0, ...origin, held };
  }

  /** The origins of a list. Spec: HLD-001. */
  names(nowMs: number): string[] {
    const known = [...this.#origins.keys(), ...[...this.#urls.keys()].map(originOf)];
    return [...new Set(known)].filter((name) => {
      const { state, running, held } = this.show(name, nowMs);
      const isBusy = running > 0 && !this.#mutants.has('busy-targets-not-listed');
      return state !== 'healthy' || held.length > 0 || isBusy;
    });
  }

  /** Whether an origin that returns has less in flight than it may: 1 at first, soon twice as many. Spec: HLD-023. */
  hasRoom({ target }: Task, nowMs: number): boolean {
    const origin = this.#origins.get(originOf(target));
    if (origin?.state !== 'returning' || this.#mutants.has('circuit-returns-at-once')) return true;
    const sinceMs = nowMs - (origin.sinceMs ?? 0);
    return origin.running < 2 ** Math.floor(sinceMs / RETURN_DOUBLES_EVERY_MS);
  }

  #probeEveryMs(): number {
    return this.#mutants.has('probes-too-often') ? 200 : PROBE_EVERY_MS;
  }

  /** Never, but for a mutant: whether the circuit of another port of the host is open. */
  #isHostOpen(target: string): boolean {
    if (!this.#mutants.has('circuit-opens-for-the-host')) return false;
    const { hostname } = new URL(target);
    return [...this.#origins].some(
      ([name, { state }]) => state === 'circuit-open' && new URL(name).hostname === hostname,
    );
  }

  #of(target: string): Origin {
    const name = originOf(target);
    const origin = this.#origins.get(name) ?? { state: 'healthy', failures: 0, running: 0 };
    this.#origins.set(name, origin);
    return origin;
  }

  /** Spec: HLD-020, HLD-021, HLD-023. */
  #count(origin: Origin, { status = 0, errorCode = '' }: AttemptEnd, nowMs: number): void {
    const counts500 = status === 500 && this.#mutants.has('error-500-opens-circuit');
    const statuses = this.#mutants.has('gateway-errors-open-no-circuit') ? [503] : [502, 503, 504];
    const isFailure = this.#isBroken(errorCode) || statuses.includes(status) || counts500;
    if (!isFailure) {
      if (!this.#mutants.has('row-never-ends')) origin.failures = 0;
      if (origin.state === 'circuit-open' && !this.#mutants.has('circuit-stays-open'))
        Object.assign(origin, { state: 'returning', sinceMs: nowMs, untilMs: undefined });
      return;
    }
    origin.failures += 1;
    origin.lastError = errorCode || `status ${status}`;
    const opens = origin.failures >= OPENS_AFTER || origin.state === 'returning';
    if (!opens || origin.state === 'circuit-open' || this.#mutants.has('circuit-never-opens')) return;
    Object.assign(origin, { state: 'circuit-open', sinceMs: nowMs, untilMs: nowMs + this.#probeEveryMs() });
  }

  #isBroken(errorCode: string): boolean {
    if (errorCode === 'timeout' && this.#mutants.has('timeouts-open-no-circuit')) return false;
    const isOutOfReach = ['name-not-resolved', 'tls-failed'].includes(errorCode);
    if (isOutOfReach && this.#mutants.has('origins-out-of-reach-open-no-circuit')) return false;
    if (this.#mutants.has('broken-connections-open-no-circuit')) return false;
    return FAILURES.has(errorCode);
  }

  /** What has had its time is healthy again. */
  #settle(origin: Origin | undefined, nowMs: number): void {
    if (origin === undefined) return;
    const isOver =
      (origin.state === 'held-back' && (origin.untilMs ?? 0) <= nowMs) ||
      (origin.state === 'returning' && (origin.sinceMs ?? 0) + RETURNS_FOR_MS <= nowMs);
    if (isOver) Object.assign(origin, { state: 'healthy', sinceMs: nowMs, untilMs: undefined });
  }
}

export function originOf(target: string): string {
  return new URL(target).origin;
}
