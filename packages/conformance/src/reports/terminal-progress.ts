import type { Check } from '../check.ts';
import { type Discovery, nameOf } from '../run/discovery.ts';
import type { CheckResult, Status } from '../run/result.ts';
import type { SuiteObserver } from '../run/run-suite.ts';
import type { Timing } from '../run/timing.ts';
import type { Paint, Style } from './paint.ts';

/** Where the lines for people go. */
export interface Console {
  write(text: string): void;
  readonly paint: Paint;
  /** Width of a terminal in columns; `undefined` where lines cannot be rewritten. */
  readonly columns: number | undefined;
}

const MARKS: Readonly<Record<Status, readonly [style: Style, mark: string]>> = {
  pass: ['green', 'pass'],
  fail: ['red', 'FAIL'],
  warn: ['yellow', 'warn'],
  'not-applicable': ['dim', 'not applicable'],
  blocked: ['yellow', 'blocked'],
  'not-exercised': ['dim', 'not exercised'],
  'expected-fail': ['yellow', 'expected fail'],
  'unexpected-pass': ['red', 'UNEXPECTED PASS'],
  'harness-error': ['red', 'SUITE FAULT'],
};

/** A status as the terminal shows it. */
export function markOf(status: Status, paint: Paint): string {
  const [style, mark] = MARKS[status];
  return paint(style, mark);
}

/** Shows how a run goes on: one line that is rewritten on a terminal, plain lines elsewhere. */
export class TerminalProgress implements SuiteObserver {
  readonly #console: Console;
  readonly #isVerbose: boolean;
  readonly #running = new Set<string>();
  #planned = 0;
  #done = 0;
  #failed = 0;
  #isLineShown = false;

  /** @param isVerbose - a line for each check, not only for those that need a look. */
  constructor(terminal: Console, isVerbose: boolean) {
    this.#console = terminal;
    this.#isVerbose = isVerbose;
  }

  onDiscovered(discovery: Discovery): void {
    const { specVersions, features } = discovery;
    this.#line(`${nameOf(discovery)} · specification ${specVersions.join(', ')} · ${features.join(', ')}`);
  }

  onTimed({ latencyMs, backoffMs }: Timing): void {
    this.#line(
      this.#console.paint(
        'dim',
        `latency ${Math.round(latencyMs)} ms, so pauses of ${backoffMs} ms are asked for`,
      ),
    );
  }

  onPlanned(checks: readonly Check[]): void {
    this.#planned = checks.length;
    this.#done = 0;
    this.#failed = 0;
    this.#rewrite();
  }

  onStarted({ id }: Check): void {
    this.#running.add(id);
    this.#rewrite();
  }

  onResult({ check, status, durationMs, warnings, fault, reason }: CheckResult): void {
    this.#running.delete(check.id);
    this.#done += 1;
    if (status === 'fail') this.#failed += 1;
    const why = fault === undefined ? (reason?.split('\n')[0] ?? warnings.join('; ')) : fault.what;
    if (this.#isVerbose || !QUIET.has(status)) {
      const suffix = why === '' ? '' : this.#console.paint('dim', ` · ${why}`);
      this.#line(`${markOf(status, this.#console.paint)} ${check.id} ${durationMs} ms${suffix}`);
    } else if (this.#console.columns === undefined && this.#done % 50 === 0) {
      this.#line(`${this.#done} of ${this.#planned} checks, ${this.#failed} failed`);
    }
    this.#rewrite();
  }

  /** Takes the rewritten line away. */
  end(): void {
    if (this.#isLineShown) this.#console.write('\r\u001B[2K');
    this.#isLineShown = false;
  }

  #line(text: string): void {
    this.end();
    this.#console.write(`${text}\n`);
  }

  #rewrite(): void {
    const { columns } = this.#console;
    if (columns === undefined) return;
    const failed = this.#failed === 0 ? '' : ` · ${this.#failed} failed`;
    const text = `${this.#done}/${this.#planned}${failed} · ${[...this.#running].join(', ')}`;
    this.#console.write(`\r\u001B[2K${text.length < columns ? text : `${text.slice(0, columns - 2)}…`}`);
    this.#isLineShown = true;
  }
}

const QUIET: ReadonlySet<Status> = new Set(['pass', 'not-exercised', 'blocked']);
