import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Delivery } from '../receiver/delivery.ts';
import type { Target } from '../receiver/target.ts';
import { findRequirement } from '../spec/requirements.ts';
import type { Api, ApiResponse, Json } from './api.ts';
import * as assertions from './assertions.ts';
import type { Control } from './control.ts';
import type { Discovery } from './discovery.ts';
import type { Ledger } from './ledger.ts';
import type { Origins } from './origins.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { Timing } from './timing.ts';
import { NotApplicable, NotExercised, Violation } from './violation.ts';

export interface CheckContextOptions {
  /** What the context must know of the check that it is made for. */
  readonly check: { readonly id: string; readonly covers: Readonly<Record<string, string>> };
  readonly runId: string;
  readonly api: Api;
  readonly discovery: Discovery;
  readonly ledger: Ledger;
  readonly timeline: Timeline;
  readonly timing: Timing;
  readonly origins: Origins;
  readonly quiet: () => Promise<void>;
  readonly random: Random;
  readonly signingSecrets: readonly string[];
  readonly control?: Control;
}

/** A retry policy as a submission gives it. */
export interface RetryPolicy {
  readonly maxAttempts?: number;
  readonly minBackoffMs?: number;
  readonly maxBackoffMs?: number;
  readonly multiplier?: number;
  readonly jitter?: number;
  readonly maxDurationMs?: number;
  readonly retryOn?: readonly string[];
  readonly failOn?: readonly string[];
}

// Resolved by nobody (RFC 6761), and no recorder looks a name up at the submit (POL-009).
const UNREACHED = 'http://conformance.invalid';
// Longer than any run: a parked task is not delivered while a check looks at it.
const PARKED_MS = 86_400_000;

/** What a check works with: the implementation's API, targets of its own, and the words to judge by. */
export class CheckContext {
  readonly api: Api;
  readonly discovery: Discovery;
  readonly ledger: Ledger;
  readonly timing: Timing;
  readonly random: Random;
  readonly origins: Origins;
  /** A queue that this check alone uses. */
  readonly queue: string;
  readonly signingSecrets: readonly string[];
  readonly warnings: string[] = [];
  readonly #options: CheckContextOptions;
  #count = 0;

  constructor(options: CheckContextOptions) {
    this.#options = options;
    this.api = options.api;
    this.discovery = options.discovery;
    this.ledger = options.ledger;
    this.timing = options.timing;
    this.random = options.random;
    this.origins = options.origins;
    this.signingSecrets = options.signingSecrets;
    this.queue = `c-${options.runId}-${options.check.id}`.slice(0, 64);
  }

  /** Ends and starts the implementation; only in checks that need `control`. */
  get control(): Control {
    if (this.#options.control === undefined) throw new NotExercised('it needs --sut or --control-url');
    return this.#options.control;
  }

  /** True if the run was given an `Authorization` header, so that the implementation must ask for a token. */
  get hasToken(): boolean {
    return this.api.authorization !== undefined;
  }

  /** The bearer token of the run; only in checks that need `token`. */
  get token(): string {
    const token = /^bearer +(\S+)$/i.exec(this.api.authorization ?? '')?.[1];
    return token ?? this.lacks('it needs --header "Authorization: Bearer …"');
  }

  /** An id that nothing else has: of this run, this check and this call. */
  newId(name = 'task'): string {
    this.#count += 1;
    return `${this.#options.runId}:${this.#options.check.id}:${this.#count}:${name}`;
  }

  /** A target on the check's own origin; it gives the answers in turn, and the last one from then on (200 if none is given). */
  target(...script: Answer[]): Promise<Target> {
    return this.origins.add(script);
  }

  /** A submission to a target, in the check's queue, due at once. */
  taskFor(
    target: Target | string,
    members: object = {},
  ): { target: string; taskName: string; queue: string } {
    const url = typeof target === 'string' ? target : target.url;
    return { target: url, taskName: this.#options.check.id, queue: this.queue, ...members };
  }

  /** A submission that stays pending: due in a day, for a host that does not exist. */
  parked(members: object = {}): { target: string; taskName: string; queue: string } {
    return this.taskFor(`${UNREACHED}/${this.#options.check.id}`, { delayMs: PARKED_MS, ...members });
  }

  /** A retry policy with pauses of `timing.backoffMs`, all of the same length, and 5 attempts. */
  retry(members: RetryPolicy = {}): RetryPolicy {
    const { backoffMs } = this.timing;
    return {
      maxAttempts: 5,
      minBackoffMs: backoffMs,
      maxBackoffMs: backoffMs,
      multiplier: 1,
      jitter: 0,
      ...members,
    };
  }

  /** Submits and requires 201; answers the summary of the task. */
  async submit(task: object | string, headers?: Readonly<Record<string, string>>): Promise<Json> {
    const response = await this.api.submit(task, headers);
    this.status(this.mainRequirement, response, 201);
    return response.json;
  }

  /** Waits for the delivery of that number (from 1) to a target. */
  async delivery(target: Target, number = 1, timeoutMs = this.timing.patienceMs): Promise<Delivery> {
    const found = await target.received(number, timeoutMs);
    if (found !== undefined) return found;
    const got = `${target.deliveries.length} after ${Math.round(timeoutMs)} ms`;
    throw new Violation(
      this.mainRequirement,
      `delivery ${number} did not arrive`,
      `${number} deliveries at ${target.url}`,
      got,
    );
  }

  /** Reads a task until `isThere` holds, and answers it; a violation says `what` was waited for. */
  async until(
    id: string,
    what: string,
    isThere: (task: Json) => boolean,
    timeoutMs = this.timing.patienceMs,
  ): Promise<Json> {
    const deadline = performance.now() + timeoutMs;
    for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 1.5, 200)) {
      const { json, status } = await this.api.get(id);
      if (status === 200 && isThere(json)) return json;
      if (performance.now() > deadline) {
        const got = status === 200 ? stateOf(json) : `status ${status}`;
        throw new Violation(
          this.mainRequirement,
          `${id} did not become ${what} within ${Math.round(timeoutMs)} ms`,
          what,
          got,
        );
      }
      await sleep(pauseMs);
    }
  }

  /** Reads a task until it is in one of the states. */
  untilState(id: string, ...states: string[]): Promise<Json> {
    return this.until(id, states.join(' or '), (task) => states.includes(task.state));
  }

  /** Reads a task until it is completed, failed or cancelled. */
  untilTerminal(id: string): Promise<Json> {
    return this.untilState(id, 'completed', 'failed', 'cancelled');
  }

  /** All attempts of a task, oldest first. */
  async attempts(id: string): Promise<Json[]> {
    const found: Json[] = [];
    let query = '';
    for (let page = 0; page < 1000; page += 1) {
      const response = await this.api.attempts(id, query);
      this.status(this.mainRequirement, response, 200);
      found.push(...(response.json?.attempts ?? []));
      const cursor: unknown = response.json?.nextCursor;
      if (typeof cursor !== 'string') break;
      query = `?cursor=${encodeURIComponent(cursor)}`;
    }
    return found;
  }

  /** Waits with all other checks of this kind until nothing that was set off can still be on its way. At most once in a check. */
  async quiet(): Promise<void> {
    this.note('waits for what must not come');
    await this.#options.quiet();
  }

  /** Puts a sentence on the timeline. */
  note(text: string): void {
    this.#options.timeline.add('note', text);
  }

  /** Notes what conforms but is not as it should be. */
  warn(text: string): void {
    this.warnings.push(text);
  }

  /** Ends the check as not applicable to this implementation, as it is declared or where it runs. */
  skip(reason: string): never {
    throw new NotApplicable(reason);
  }

  /** Ends the check as not exercised: an option was not given, and the run is incomplete. */
  lacks(reason: string): never {
    throw new NotExercised(reason);
  }

  /** Requires a condition. */
  ok(requirement: string, what: string, condition: boolean, got?: unknown): void {
    this.#assertCovered(requirement);
    if (!condition)
      throw new Violation(
        requirement,
        what,
        undefined,
        got === undefined ? undefined : assertions.shown(got),
      );
  }

  /** Requires a value that is deeply equal; member order does not count. */
  equal(requirement: string, what: string, got: unknown, expected: unknown): void {
    this.#assertCovered(requirement);
    if (assertions.isEqual(got, expected)) return;
    throw new Violation(requirement, what, assertions.shown(expected), assertions.shown(got));
  }

  /** Requires that `got` has at least the members of `expected`, deeply. */
  matches(requirement: string, what: string, got: unknown, expected: object): void {
    this.#assertCovered(requirement);
    if (assertions.isMatch(got, expected)) return;
    throw new Violation(requirement, what, assertions.shown(expected), assertions.shown(got));
  }

  /** Requires one of the statuses. */
  status(requirement: string, response: ApiResponse, ...statuses: number[]): void {
    this.#assertCovered(requirement);
    if (statuses.includes(response.status)) return;
    const got = `${response.status} ${assertions.shown(response.json ?? response.text)}`;
    throw new Violation(
      requirement,
      `${response.request} answered ${response.status}`,
      statuses.join(' or '),
      got,
    );
  }

  /** Requires a problem of the catalogue, at that pointer or parameter if one is given. */
  problem(requirement: string, response: ApiResponse, name: string, at: assertions.ProblemPlace = {}): void {
    this.#assertCovered(requirement);
    const fault = assertions.problemFault(response, name, at);
    if (fault === undefined) return;
    throw new Violation(
      requirement,
      `${response.request} answered ${response.status}`,
      fault.expected,
      fault.got,
    );
  }

  /** Requires the pause between two instants (ms): not before `minimumMs`, and not long after `maximumMs`. */
  pause(requirement: string, what: string, gotMs: number, minimumMs: number, maximumMs = minimumMs): void {
    this.#assertCovered(requirement);
    const { violation, warning } = assertions.judgePause(gotMs, minimumMs, maximumMs, this.timing);
    if (warning !== undefined) this.warn(`${what}: ${warning}`);
    if (violation !== undefined) throw new Violation(requirement, what, violation, `${Math.round(gotMs)} ms`);
  }

  /** The requirement that is violated when what comes before any judgement fails. */
  get mainRequirement(): string {
    return Object.keys(this.#options.check.covers)[0] ?? '';
  }

  // A verdict on a requirement that the check does not name would be found by nobody.
  #assertCovered(requirement: string): void {
    if (this.#options.check.covers[requirement] !== undefined) return;
    const known =
      findRequirement(requirement) === undefined ? 'which does not exist' : 'which it does not cover';
    throw new TypeError(`${this.#options.check.id} judges ${requirement}, ${known}`);
  }
}

function stateOf(task: Json): string {
  const { state, reason, attempt, attemptsUsed } = task ?? {};
  return assertions.shown({ state, reason, attempt, attemptsUsed });
}
