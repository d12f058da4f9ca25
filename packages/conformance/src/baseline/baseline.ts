import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { CheckResult } from '../run/result.ts';
import { UsageError } from '../run/violation.ts';
import { hintOf } from '../selection/near-misses.ts';

/** The checks that are known to fail, each with the reason. */
export type Baseline = ReadonlyMap<string, string>;

/** Reads a baseline; throws a `UsageError` that says what is wrong with it. */
export async function readBaseline(file: string, checkIds: readonly string[]): Promise<Baseline> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--expect ${file} cannot be read: ${(error as Error).message}`);
  });
  return parseBaseline(text, `--expect ${file}`, checkIds);
}

/** Reads the text of a baseline: a YAML map of check ids to reasons. */
export function parseBaseline(text: string, name: string, checkIds: readonly string[]): Baseline {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new UsageError(`${name} is no YAML: ${error.message.split('\n')[0]}`);
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new UsageError(
      `${name}: expected a map of check ids to reasons, such as \`check-id: see issue 7\``,
    );
  }
  const entries = Object.entries(content as Record<string, unknown>);
  return new Map(entries.map(([id, reason]) => [knownId(id, name, checkIds), reasonOf(id, reason, name)]));
}

/** The result as a baseline makes it: what fails was expected to, and what passes makes the baseline stale. */
export function againstBaseline(result: CheckResult, baseline: Baseline): CheckResult {
  const reason = baseline.get(result.check.id);
  if (reason === undefined) return result;
  if (result.status === 'fail') return { ...result, status: 'expected-fail', reason };
  if (result.status !== 'pass' && result.status !== 'warn') return result;
  const stale = `the baseline expects it to fail (${reason}): take it out of the baseline`;
  return { ...result, status: 'unexpected-pass', reason: stale };
}

function knownId(id: string, name: string, checkIds: readonly string[]): string {
  if (checkIds.includes(id)) return id;
  throw new UsageError(`${name} names ${id}, which is no check${hintOf(id, checkIds)}`);
}

function reasonOf(id: string, reason: unknown, name: string): string {
  if (typeof reason === 'string' && reason.trim() !== '') return reason.trim();
  throw new UsageError(`${name}: expected a reason for ${id}, got none`);
}
