import type { Check } from '../check.ts';
import { QuietWindow } from './quiet-window.ts';
import type { CheckResult } from './result.ts';
import { Slots } from './slots.ts';

/** Runs one check to its end; never rejects. `quiet` waits, with all others that do, for what must not come. */
export type RunOne = (check: Check, quiet: () => Promise<void>) => Promise<CheckResult>;

export interface RunChecksOptions {
  readonly concurrency: number;
  readonly runOne: RunOne;
  /** Length of the quiet window, in milliseconds. */
  readonly quietMs: number;
  /** What a result comes to, for example against a baseline. */
  readonly verdictOn: (result: CheckResult) => CheckResult;
  readonly onResult: (result: CheckResult) => void;
  /** Ends the run: what is not over by then has no result. */
  readonly signal?: AbortSignal;
  /** True to start no more checks after this result. */
  readonly isEnough?: (result: CheckResult) => boolean;
}

/**
 * Runs checks in three groups: those that stand beside others, then those that need the implementation alone,
 * and last those that judge the whole run. A check whose `after` did not pass is blocked.
 */
export async function runChecks(checks: readonly Check[], options: RunChecksOptions): Promise<CheckResult[]> {
  const group = (runs: Check['runs']): Check[] => checks.filter((check) => (check.runs ?? 'beside') === runs);
  const run = new Run(options);
  await run.group(group('beside'), options.concurrency);
  await run.group(group('alone'), 1);
  await run.group(group('last'), 1);
  return run.results;
}

class Run {
  readonly results: CheckResult[] = [];
  readonly #options: RunChecksOptions;
  readonly #aborted: Promise<undefined>;
  #isOver = false;

  constructor(options: RunChecksOptions) {
    this.#options = options;
    this.#aborted = new Promise((resolve) => {
      options.signal?.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  async group(checks: readonly Check[], concurrency: number): Promise<void> {
    const quietWindow = new QuietWindow(this.#options.quietMs, checks.length);
    const slots = new Slots(concurrency);
    const ended = new Map<string, Promise<void>>();
    for (const check of inOrder(checks)) {
      const before = (check.after ?? []).map((id) => ended.get(id) ?? Promise.resolve());
      ended.set(check.id, this.#one(check, Promise.all(before), slots, quietWindow));
    }
    await Promise.all(ended.values());
  }

  async #one(check: Check, before: Promise<unknown>, slots: Slots, quietWindow: QuietWindow): Promise<void> {
    await before;
    const release = await slots.take();
    if (!this.#isOver && !this.#isAborted) {
      // Who waits for the window leaves the slot to others, or the window would never come.
      const result = await Promise.race([
        this.#run(check, () => (release(), quietWindow.wait())),
        this.#aborted,
      ]);
      if (result !== undefined && !this.#isAborted) this.#note(this.#options.verdictOn(result));
    }
    release();
    quietWindow.leave();
  }

  async #run(check: Check, quiet: () => Promise<void>): Promise<CheckResult> {
    const failed = (check.after ?? []).find((id) => this.#didNotPass(id));
    if (failed === undefined) return this.#options.runOne(check, quiet);
    return {
      check,
      status: 'blocked',
      durationMs: 0,
      warnings: [],
      timeline: [],
      reason: `${failed} did not pass`,
    };
  }

  get #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #note(result: CheckResult): void {
    this.results.push(result);
    this.#options.onResult(result);
    if (this.#options.isEnough?.(result) === true) this.#isOver = true;
  }

  // One that was not selected says nothing, and holds nobody up.
  #didNotPass(id: string): boolean {
    const result = this.results.find(({ check }) => check.id === id);
    return result !== undefined && !['pass', 'warn', 'unexpected-pass'].includes(result.status);
  }
}

/** Checks behind those that they build on, otherwise in the order given. */
function inOrder(checks: readonly Check[]): Check[] {
  const placed = new Set<Check>();
  const place = (check: Check): void => {
    if (placed.has(check)) return;
    for (const id of check.after ?? []) {
      const before = checks.find((each) => each.id === id);
      if (before !== undefined) place(before);
    }
    placed.add(check);
  };
  for (const check of checks) place(check);
  return [...placed];
}
