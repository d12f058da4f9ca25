import { type ChildProcess, spawn } from 'node:child_process';
import type { Control } from '../run/control.ts';
import { Unreachable, UsageError } from '../run/violation.ts';
import { answers, eventually } from './answers.ts';
import type { ControlOptions } from './control-options.ts';

const START_LIMIT_MS = 60_000;
// More than any grace period that a test should have to wait for.
const STOP_LIMIT_MS = 60_000;
const GONE_LIMIT_MS = 2000;
const KEPT_OUTPUT = 2000;

/** The implementation as a command of the shell, in a process group of its own. */
export class SpawnedImplementation implements Control {
  readonly #command: string;
  readonly #url: string;
  readonly #insecure: boolean;
  readonly #multiplier: number;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(command: string, { url, insecure, latencyMultiplier }: ControlOptions) {
    this.#command = command;
    this.#url = `${url}/.well-known/dispatchr`;
    this.#insecure = insecure;
    this.#multiplier = latencyMultiplier;
    // Whatever ends the suite, nothing that it started stays behind.
    process.once('exit', () => this.#signal('SIGKILL'));
  }

  /** Throws a `UsageError` if another process serves at the URL: the suite would test and never end that one. */
  async assertNothingAnswers(): Promise<void> {
    if (await answers(this.#url, this.#insecure))
      throw new UsageError(
        `expected --sut to start what answers at --url, but something answers there already`,
      );
  }

  async start(): Promise<void> {
    if (this.#isRunning()) return;
    this.#output = '';
    const child = spawn(this.#command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#output = `${this.#output}${chunk.toString('utf8')}`.slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(Buffer.from(error.message)));
    const answered = await eventually(
      async () => !this.#isRunning() || (await answers(this.#url, this.#insecure)),
      START_LIMIT_MS * this.#multiplier,
    );
    if (answered && this.#isRunning()) return;
    const fate = this.#isRunning()
      ? `did not within ${(START_LIMIT_MS * this.#multiplier) / 1000} s: does it listen on the port of --url?`
      : `ended with ${child.exitCode ?? child.signalCode}`;
    await this.kill();
    const output = this.#output.trim();
    const last = output === '' ? 'it printed nothing' : `the end of its output:\n${output}`;
    throw new Unreachable(`expected --sut to answer at ${this.#url}, but it ${fate}; ${last}`);
  }

  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    if (await eventually(() => !this.#isRunning(), STOP_LIMIT_MS * this.#multiplier)) return;
    await this.kill();
  }

  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await eventually(() => !this.#isRunning(), GONE_LIMIT_MS);
    this.#child = undefined;
  }

  // The shell may be gone while what it started still ends: the group counts.
  #isRunning(): boolean {
    return this.#child?.pid !== undefined && this.#signal(0);
  }

  #signal(signal: NodeJS.Signals | 0): boolean {
    if (this.#child?.pid === undefined) return false;
    try {
      return process.kill(-this.#child.pid, signal);
    } catch {
      return false;
    }
  }
}
