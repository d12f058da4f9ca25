import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { MutantId } from '../selftest/mutants/index.ts';
import type { Engine, Submitted } from './engine.ts';
import { keptTrace, parseIdempotencyKey } from './identity.ts';
import { Problem } from './problems.ts';
import type { Submission } from './task.ts';

type Mutants = ReadonlySet<MutantId>;
type Trace = Pick<Submission, 'traceparent' | 'tracestate'>;

/** The key that a submit has; `undefined` if the header is malformed. */
export function keyOf(fields: readonly string[], mutants: Mutants): string | undefined {
  if (fields.join().length > 257 && mutants.has('key-counted-with-escapes')) return undefined;
  if (mutants.has('keys-case-folded')) return parseIdempotencyKey(fields)?.toLowerCase();
  return parseIdempotencyKey(fields) ?? (mutants.has('unquoted-key-accepted') ? fields.join() : undefined);
}

/** The trace context of a submit that is kept with its tasks. */
export function traceOf({ headersDistinct }: IncomingMessage, mutants: Mutants): Trace {
  const parents = headersDistinct['traceparent'] ?? [];
  const states = headersDistinct['tracestate'] ?? [];
  if (parents.length === 0 && states[0] && mutants.has('lone-tracestate-kept'))
    return { tracestate: states[0] };
  const [parent] = parents;
  const isLost = states.length > 0 && mutants.has('tracestate-lost');
  const kept: Trace = keptTrace(parents, isLost ? [] : states);
  if (parent === undefined || kept.traceparent !== undefined) return kept;
  return mutants.has('malformed-trace-kept') ? { traceparent: parent } : kept;
}

/** What one mutant does: refuses a name that has no address. Of three labels, so that most targets stay good. */
export async function lookUp(target: string, mutants: Mutants): Promise<void> {
  const { hostname } = new URL(target);
  if (!/^[a-z-]+\.[a-z-]+\.[a-z-]+$/.test(hostname) || !mutants.has('names-looked-up-at-submit')) return;
  await lookup(hostname).catch(() => {
    const detail = `expected a name that has an address, got ${hostname}`;
    throw new Problem('target-blocked', detail, { errors: [{ pointer: '/target', detail }] });
  });
}

/** The ways in which mutants record a batch in more than one step. */
export class FaultyBatches {
  readonly #engine: Engine;
  readonly #mutants: Mutants;
  readonly #inFlight = new Set<string>();

  constructor(engine: Engine, mutants: Mutants) {
    this.#engine = engine;
    this.#mutants = mutants;
  }

  /** Records a batch in a wrong way; `undefined` if no mutant does. */
  async submit(submissions: readonly Submission[]): Promise<Submitted[] | undefined> {
    const half = Math.ceil(submissions.length / 2);
    const [first] = submissions;
    if (this.#mutants.has('batch-keeps-first-args'))
      return this.#engine.submit(
        submissions.map((each) => ({ ...each, taskArgs: first?.taskArgs ?? 'null' })),
      );
    if (this.#mutants.has('batch-recorded-in-parts')) {
      const submitted = this.#engine.submit(submissions.slice(0, half));
      await delay(200);
      return [...submitted, ...this.#engine.submit(submissions.slice(half))];
    }
    if (this.#mutants.has('batch-conflicts-judged-early')) {
      const known = this.#engine.existing(submissions);
      await delay(10);
      return this.#engine.submit(submissions, known);
    }
    if (this.#mutants.has('concurrent-batches-fail')) await this.#excludeOthers(submissions);
    if (this.#mutants.has('opposite-batches-deadlock')) await this.#excludeOpposites(submissions);
    if (this.#mutants.has('batch-written-in-parts')) return this.#writeInParts(submissions, half);
    return undefined;
  }

  async #excludeOthers(submissions: readonly Submission[]): Promise<void> {
    const ids = submissions.map(({ id }) => id).filter((id) => id !== undefined);
    if (ids.some((id) => this.#inFlight.has(id))) throw new Problem('internal', 'a deadlock was found');
    for (const id of ids) this.#inFlight.add(id);
    await delay(10);
    for (const id of ids) this.#inFlight.delete(id);
  }

  async #excludeOpposites(submissions: readonly Submission[]): Promise<void> {
    const [first, last] = [submissions[0]?.id ?? '', submissions.at(-1)?.id ?? ''];
    if (first === last) return;
    if (this.#inFlight.has(`${last} ${first}`)) throw new Problem('internal', 'a deadlock was found');
    this.#inFlight.add(`${first} ${last}`);
    await delay(10);
    this.#inFlight.delete(`${first} ${last}`);
  }

  async #writeInParts(submissions: readonly Submission[], half: number): Promise<Submitted[]> {
    const { table } = this.#engine;
    const submitted = this.#engine.submit(submissions);
    const later = submitted.slice(half);
    for (const { task } of later) table.forgetOnDisk(task);
    await delay(100);
    for (const { task } of later) table.save(table.find(task.id) ?? task);
    return submitted;
  }
}
