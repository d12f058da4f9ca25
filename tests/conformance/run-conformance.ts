import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const PROGRAM = fileURLToPath(
  new URL('../../packages/conformance/bin/dispatchr-conformance.js', import.meta.url),
);

/** Two, so that rotation is judged too. */
export const SIGNING_SECRETS = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr',
  `whsec_${'c2VjcmV0'.repeat(4)}`,
];

/** Tells the suite the secrets. */
export const SIGNED = SIGNING_SECRETS.flatMap((secret) => ['--signing-secret', secret]);

/** For a whole run with kills, on a machine that is busy. */
export const ENOUGH_MS = 600_000;

/** What a run of `dispatchr-conformance` ended with. */
export interface ConformanceRun {
  readonly exitCode: number | null;
  /** What it printed, for the message of a test that fails. */
  readonly output: string;
  readonly report: ConformanceReport | undefined;
}

interface ConformanceReport {
  readonly checks: readonly {
    readonly id: string;
    readonly status: string;
    readonly requirements: readonly string[];
  }[];
}

/** Runs the suite as its user would, as a process of its own; `folder` is for its report. */
export async function runConformance(
  url: string,
  folder: string,
  ...options: string[]
): Promise<ConformanceRun> {
  const report = join(folder, `report-${process.hrtime.bigint()}.json`);
  const words = ['run', '--url', url, '--report', `json=${report}`, ...options];
  const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output, report: readReport(report) };
}

/** The run was complete, and found no violation. */
export function expectConformance({ exitCode, output }: ConformanceRun): void {
  expect(exitCode, output).toBe(0);
  expect(output).toContain('conforms');
}

function readReport(file: string): ConformanceReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ConformanceReport;
  } catch {
    return undefined;
  }
}
