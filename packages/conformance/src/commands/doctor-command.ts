import { randomBytes } from 'node:crypto';
import { HttpClient } from '../http/http-client.ts';
import type { RunOptions } from '../options/run-options.ts';
import { REQUIREMENT_SETS } from '../requirement-sets/requirement-sets.ts';
import { Api } from '../run/api.ts';
import { discover, type Discovery, nameOf } from '../run/discovery.ts';
import { EXIT_CODES } from '../run/exit-codes.ts';
import { Ledger } from '../run/ledger.ts';
import { measureLatency } from '../run/measure-latency.ts';
import { Origins } from '../run/origins.ts';
import { reachReceiver, type ReachOptions, surveyCandidates } from '../run/reach-receiver.ts';
import { Timeline } from '../run/timeline.ts';
import { timingOf } from '../run/timing.ts';
import { Unreachable } from '../run/violation.ts';
import { RECORDER_DOCUMENT } from '../spec/documents.ts';
import { validatorsOf } from '../spec/validator.ts';
import type { CommandContext } from './command-context.ts';

const REACH_TIMEOUT_MS = 5000;
const WORST_CLOCK_OFFSET_MS = 2000;
const SLOW_LATENCY_MS = 500;

/** `doctor`: goes through what a run needs, step by step, and says of each what to do. */
export async function doctorCommand(options: RunOptions, { console }: CommandContext): Promise<number> {
  const { paint } = console;
  const tell = (verdict: Verdict, text: string): void =>
    console.write(`${paint(STYLES[verdict], verdict.padEnd(4))} ${text.replaceAll('\n', '\n     ')}\n`);
  const client = new HttpClient({ timeoutMs: REACH_TIMEOUT_MS, insecure: options.insecure });
  try {
    const examination = new Examination(options, client, tell);
    await examination.run();
    return examination.isSound ? EXIT_CODES.conformant : EXIT_CODES.unreachable;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    tell('fail', error.message);
    return EXIT_CODES.unreachable;
  } finally {
    client.close();
  }
}

type Verdict = 'ok' | 'note' | 'fail';
type Tell = (verdict: Verdict, text: string) => void;
const STYLES = { ok: 'green', note: 'yellow', fail: 'red' } as const;

class Examination {
  isSound = true;
  readonly #options: RunOptions;
  readonly #client: HttpClient;
  readonly #tell: Tell;
  readonly #api: Api;
  readonly #runId = randomBytes(4).toString('hex');

  constructor(options: RunOptions, client: HttpClient, tell: Tell) {
    this.#options = options;
    this.#client = client;
    this.#tell = (verdict, text) => {
      if (verdict === 'fail') this.isSound = false;
      tell(verdict, text);
    };
    this.#api = new Api({
      baseUrl: options.url,
      client,
      headers: options.headers,
      timeline: new Timeline(),
      ledger: new Ledger(),
      check: 'doctor',
      requirement: '',
      onRecorded: () => undefined,
    });
  }

  async run(): Promise<void> {
    const discovery = await discover(this.#client, this.#options.url);
    this.#tell('ok', `${this.#options.url} answers, and has discovery`);
    this.#judgeDiscovery(discovery);
    await this.#judgeClock();
    if (!(await this.#judgeToken())) return;
    if (this.#options.profile === 'recorder') return;
    await this.#judgeWaysBack();
    await this.#judgeLatency(discovery);
  }

  #judgeDiscovery(discovery: Discovery): void {
    const validate = validatorsOf(RECORDER_DOCUMENT)({ $ref: '#/components/schemas/Discovery' });
    const faults = validate(discovery);
    if (faults.length > 0) this.#tell('fail', `discovery does not match its schema:\n${faults.join('\n')}`);
    else this.#tell('ok', 'discovery matches its schema');
    const known = REQUIREMENT_SETS.map(({ specVersion }) => specVersion);
    if (discovery.specVersions.some((each) => known.includes(each)))
      this.#tell('ok', `${nameOf(discovery)} claims specification ${discovery.specVersions.join(', ')}`);
    else
      this.#tell(
        'fail',
        `${nameOf(discovery)} claims specification ${discovery.specVersions.join(', ') || 'none'}, this suite knows ${known.join(', ')}: correct specVersions, or take a suite that knows it`,
      );
    this.#tell(
      'ok',
      `features: ${discovery.features.join(', ') || 'none'}; checks of the others are not applicable`,
    );
  }

  async #judgeClock(): Promise<void> {
    const sentAtMs = Date.now();
    const { headers } = await this.#api.request('GET', '/.well-known/dispatchr');
    const date = Date.parse(headers['date'] ?? '');
    if (Number.isNaN(date)) return this.#tell('note', 'no Date header: the clock cannot be compared');
    // The header has whole seconds: the middle of that second is the best guess.
    const offsetMs = date + 500 - (sentAtMs + Date.now()) / 2;
    const shown = `${offsetMs > 0 ? '+' : ''}${(offsetMs / 1000).toFixed(1)} s`;
    if (Math.abs(offsetMs) <= WORST_CLOCK_OFFSET_MS)
      return this.#tell('ok', `its clock is ${shown} from this one`);
    return this.#tell(
      'fail',
      `its clock is ${shown} from this one: set both by NTP, or dueAt and expiresAt mean other instants`,
    );
  }

  async #judgeToken(): Promise<boolean> {
    const { status } = await this.#api.request('GET', '/v1/tasks?limit=1');
    const hasToken = this.#options.headers['authorization'] !== undefined;
    if (status === 200)
      this.#tell('ok', hasToken ? 'the token is accepted' : 'tasks can be read without a token');
    else if (status === 401)
      this.#tell(
        'fail',
        hasToken
          ? 'the token is refused: correct --header'
          : "it asks for a token: pass --header 'Authorization: Bearer …'",
      );
    else this.#tell('fail', `GET /v1/tasks answered ${status}, expected 200`);
    return status === 200;
  }

  get #reachOptions(): ReachOptions {
    const { callbackUrl, listen, latencyMultiplier } = this.#options;
    return {
      api: this.#api,
      runId: this.#runId,
      listen,
      timeoutMs: REACH_TIMEOUT_MS * latencyMultiplier,
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    };
  }

  async #judgeWaysBack(): Promise<void> {
    const fates = await surveyCandidates(this.#reachOptions);
    for (const { origin, hasArrived, text } of fates)
      this.#tell(
        hasArrived ? 'ok' : 'note',
        hasArrived ? `a delivery came to ${origin}` : `no delivery: ${text}`,
      );
    if (fates.some(({ hasArrived }) => hasArrived)) return;
    this.#tell(
      'fail',
      'no delivery came back: allow this machine in the target policy and the firewall, pass --callback-url, or run the profile recorder',
    );
  }

  async #judgeLatency({ limits }: Discovery): Promise<void> {
    if (!this.isSound) return;
    const reachability = await reachReceiver({ ...this.#reachOptions, runId: `${this.#runId}-latency` });
    const origins = new Origins(reachability, `/${this.#runId}/latency`, () => undefined);
    try {
      const timeoutMs = this.#reachOptions.timeoutMs;
      const latencyMs = await measureLatency(this.#api, origins, `c-${this.#runId}-canary`, timeoutMs);
      const { minBackoffMs } = limits;
      const { backoffMs } = timingOf({
        latencyMs,
        minBackoffMs,
        multiplier: this.#options.latencyMultiplier,
      });
      const text = `the slowest of 20 deliveries took ${Math.round(latencyMs)} ms; pauses of ${backoffMs} ms will be asked for`;
      this.#tell(
        latencyMs > SLOW_LATENCY_MS ? 'note' : 'ok',
        latencyMs > SLOW_LATENCY_MS ? `${text}: a run will take minutes` : text,
      );
    } finally {
      await origins.close();
      await reachability.shared?.receiver.close();
    }
  }
}
