import { randomBytes } from 'node:crypto';
import type { Check, Profile } from '../check.ts';
import { HttpClient } from '../http/http-client.ts';
import type { Delivery } from '../receiver/delivery.ts';
import type { Target } from '../receiver/target.ts';
import { Api } from './api.ts';
import { CheckContext } from './check-context.ts';
import type { Control } from './control.ts';
import { emptyResult, reasonAgainst, skippedResult, unmetNeed } from './applicability.ts';
import { assertRecords } from './assert-records.ts';
import { discover, type Discovery } from './discovery.ts';
import { judgeDelivery } from './judge-delivery.ts';
import { Ledger } from './ledger.ts';
import { measureLatency } from './measure-latency.ts';
import { Origins, type Reachability } from './origins.ts';
import { randomOf, seedFor } from './random.ts';
import { reachReceiver } from './reach-receiver.ts';
import type { CheckResult, Status } from './result.ts';
import { runCheck } from './run-check.ts';
import { runChecks } from './run-checks.ts';
import { TimeLimit } from './time-limit.ts';
import { shortened, Timeline } from './timeline.ts';
import { type Timing, timingOf } from './timing.ts';

export interface SuiteOptions {
  /** Base URL of the implementation, without a slash at the end. */
  readonly url: string;
  readonly profile: Profile;
  /** The checks that were selected; those that do not apply are sorted out here. */
  readonly checks: readonly Check[];
  /** Sent with every request, for example `Authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly insecure: boolean;
  readonly callbackUrl?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly concurrency: number;
  readonly latencyMultiplier: number;
  /** Overrides how long a check waits for what must come, in milliseconds. */
  readonly patienceMs?: number;
  readonly seed: number;
  readonly signingSecrets: readonly string[];
  readonly control?: Control;
  /** Ends the run after the first failure. */
  readonly bail: boolean;
  /** Starts no more checks once it is aborted, and leaves out those that are not over. */
  readonly signal?: AbortSignal;
  /** What the results come to, for example against a baseline; as they are by default. */
  readonly verdictOn?: (result: CheckResult, discovery: Discovery) => CheckResult;
  /** What is known beforehand, so that the run neither tries out ways back nor measures. */
  readonly known?: { readonly timing: Timing; readonly reachability: Reachability };
  /** Leaves the tasks that are still pending, because the implementation ends with the run. */
  readonly leavesTasks?: boolean;
}

/** What the run does, as it happens. */
export interface SuiteObserver {
  onDiscovered?(discovery: Discovery): void;
  onTimed?(timing: Timing): void;
  onPlanned?(checks: readonly Check[]): void;
  onStarted?(check: Check): void;
  onResult?(result: CheckResult): void;
}

/** What a run found. */
export interface SuiteReport {
  readonly runId: string;
  readonly url: string;
  readonly profile: Profile;
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly discovery: Discovery;
  readonly timing: Timing;
  /** In the order of the selection; after an interruption or `bail`, checks that were not over are missing. */
  readonly results: readonly CheckResult[];
  /** How many checks apply to this implementation, and how many of them ran to a verdict. */
  readonly planned: number;
  readonly executed: number;
}

const REQUEST_TIMEOUT_MS = 30_000;
const DISCOVERY_TIMEOUT_MS = 5000;
const REACH_TIMEOUT_MS = 10_000;
// A bound on what no check should take: it tells a hung suite from a slow implementation.
const CHECK_LIMIT_PATIENCES = 12;

/** Runs the suite against an implementation. Throws `Unreachable` if there is nothing to talk to. */
export async function runSuite(options: SuiteOptions, observer: SuiteObserver = {}): Promise<SuiteReport> {
  const client = new HttpClient({ timeoutMs: REQUEST_TIMEOUT_MS, insecure: options.insecure });
  try {
    return await new SuiteRun(options, observer, client).run();
  } finally {
    client.close();
  }
}

class SuiteRun {
  readonly #runId = randomBytes(4).toString('hex');
  readonly #ledger = new Ledger();
  readonly #recorded = new Set<string>();
  readonly #options: SuiteOptions;
  readonly #observer: SuiteObserver;
  readonly #client: HttpClient;

  constructor(options: SuiteOptions, observer: SuiteObserver, client: HttpClient) {
    this.#options = options;
    this.#observer = observer;
    this.#client = client;
  }

  async run(): Promise<SuiteReport> {
    const startedAt = new Date();
    const { url, profile, seed, checks, known } = this.#options;
    const discovery = await this.#discover();
    this.#observer.onDiscovered?.(discovery);
    const reachability = known?.reachability ?? (profile === 'core' ? await this.#reach() : undefined);
    const timing = known?.timing ?? (await this.#time(discovery, reachability));
    this.#observer.onTimed?.(timing);
    const applicable = checks.filter((check) => reasonAgainst(check, this.#options, discovery) === undefined);
    this.#observer.onPlanned?.(applicable);
    const results = await this.#runAll(applicable, {
      discovery,
      timing,
      reachability: reachability ?? NOWHERE,
    });
    await reachability?.shared?.receiver.close();
    if (this.#options.leavesTasks !== true && this.#options.signal?.aborted !== true) await this.#tidyUp();
    const skipped = checks.flatMap((check) =>
      skippedResult(check, reasonAgainst(check, this.#options, discovery)),
    );
    const count = (...statuses: Status[]): number =>
      results.filter(({ status }) => statuses.includes(status)).length;
    // What a check itself found not to apply was not to be run after all.
    const inapplicable = count('not-applicable');
    return {
      runId: this.#runId,
      url,
      profile,
      seed,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      discovery,
      timing,
      results: [...results, ...skipped].toSorted((a, b) => checks.indexOf(a.check) - checks.indexOf(b.check)),
      planned: applicable.length - inapplicable,
      executed: results.length - inapplicable - count('blocked', 'not-exercised', 'harness-error'),
    };
  }

  async #discover(): Promise<Discovery> {
    const { url, latencyMultiplier, insecure, profile, known } = this.#options;
    const client = new HttpClient({ timeoutMs: DISCOVERY_TIMEOUT_MS * latencyMultiplier, insecure });
    try {
      const discovery = await discover(client, url);
      // With `core` the canaries show whether tasks are recorded at all.
      if (profile === 'recorder' && known === undefined)
        await assertRecords(this.#api('trial', new Timeline(), ''));
      return discovery;
    } finally {
      client.close();
    }
  }

  #reach(): Promise<Reachability> {
    const { callbackUrl, listen, latencyMultiplier } = this.#options;
    return reachReceiver({
      api: this.#api('receiver', new Timeline(), ''),
      runId: this.#runId,
      listen,
      timeoutMs: REACH_TIMEOUT_MS * latencyMultiplier,
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    });
  }

  async #time(discovery: Discovery, reachability: Reachability | undefined): Promise<Timing> {
    const { latencyMultiplier: multiplier, patienceMs } = this.#options;
    const rest = {
      minBackoffMs: discovery.limits.minBackoffMs,
      multiplier,
      ...(patienceMs === undefined ? {} : { patienceMs }),
    };
    if (reachability === undefined) return timingOf({ latencyMs: 50, ...rest });
    const origins = new Origins(reachability, `/${this.#runId}/latency`, () => undefined);
    const timeoutMs = REACH_TIMEOUT_MS * multiplier;
    try {
      const api = this.#api('latency', new Timeline(), '');
      return timingOf({
        latencyMs: await measureLatency(api, origins, `c-${this.#runId}-canary`, timeoutMs),
        ...rest,
      });
    } finally {
      await origins.close();
    }
  }

  #runAll(checks: readonly Check[], found: Found): Promise<CheckResult[]> {
    const { bail, concurrency, signal } = this.#options;
    return runChecks(checks, {
      concurrency,
      quietMs: found.timing.quietMs,
      runOne: (check, quiet) => this.#runOne(check, found, quiet),
      verdictOn: (result) => this.#options.verdictOn?.(result, found.discovery) ?? result,
      onResult: (result) => this.#observer.onResult?.(result),
      ...(signal === undefined ? {} : { signal }),
      ...(bail ? { isEnough: ({ status }: CheckResult) => status === 'fail' } : {}),
    });
  }

  async #runOne(
    check: Check,
    { discovery, timing, reachability }: Found,
    quiet: () => Promise<void>,
  ): Promise<CheckResult> {
    const unmet = unmetNeed(check, this.#options);
    if (unmet !== undefined) return emptyResult(check, { status: 'not-exercised', reason: unmet });
    this.#observer.onStarted?.(check);
    const timeline = new Timeline();
    const origins = new Origins(reachability, `/${this.#runId}/${check.id}`, (delivery, target) =>
      this.#note(check, timeline, delivery, target),
    );
    const longMs = check.isLong === true ? 2 * timing.missedAfterMs : 0;
    const limit = new TimeLimit(timing.patienceMs * CHECK_LIMIT_PATIENCES + longMs);
    const context = new CheckContext({
      check,
      runId: this.#runId,
      api: this.#api(check.id, timeline, Object.keys(check.covers)[0] ?? ''),
      discovery,
      ledger: this.#ledger,
      timeline,
      timing,
      origins,
      quiet: async () => {
        limit.pause();
        await quiet();
        limit.resume();
      },
      random: randomOf(seedFor(this.#options.seed, check.id)),
      signingSecrets: this.#options.signingSecrets,
      ...(this.#options.control === undefined ? {} : { control: this.#options.control }),
    });
    const result = await runCheck(check, context, timeline, limit);
    await origins.close();
    return result;
  }

  #note(check: Check, timeline: Timeline, delivery: Delivery, target: Target | undefined): void {
    // Where processes are killed, a delivery after a 2xx is no fault.
    const isFaultless = check.needs?.includes('control') !== true;
    if (isFaultless) this.#ledger.deliveries.note(check.id, delivery, target?.answerTo(delivery.number));
    const { number, method, path, body } = delivery;
    timeline.add(
      'delivery',
      `#${number} ${method} ${path} attempt ${delivery.header('dispatchr-attempt')} ${shortened(body.toString('utf8'))}`,
    );
    for (const [rule, faults] of judgeDelivery(delivery)) {
      this.#ledger.note(
        rule,
        faults.map((what) => ({ check: check.id, what })),
      );
    }
  }

  #api(check: string, timeline: Timeline, requirement: string): Api {
    return new Api({
      baseUrl: this.#options.url,
      client: this.#client,
      headers: this.#options.headers,
      timeline,
      ledger: this.#ledger,
      check,
      requirement,
      onRecorded: (id) => this.#recorded.add(id),
    });
  }

  // Nothing depends on it: it spares a shared installation from tasks that nobody waits for any more.
  async #tidyUp(): Promise<void> {
    const left = [...this.#recorded];
    const api = this.#api('tidy-up', new Timeline(), '');
    const work = async (): Promise<void> => {
      for (let id = left.pop(); id !== undefined; id = left.pop())
        // One that does not answer would be waited for once for each task.
        await api.operate(id, 'cancel').catch(() => left.splice(0));
    };
    await Promise.all(Array.from({ length: 8 }, work));
  }
}

interface Found {
  readonly discovery: Discovery;
  readonly timing: Timing;
  readonly reachability: Reachability;
}

// With the profile `recorder` no check asks for a target.
const NOWHERE: Reachability = { listenHost: '127.0.0.1', host: 'conformance.invalid' };
