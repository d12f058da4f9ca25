import { createHash, randomBytes } from 'node:crypto';
import type { MutantId } from '../selftest/mutants/index.ts';
import type { JsonNode } from './json-reader.ts';
import { printJson } from './json-writer.ts';
import { mistakenContent } from './mistaken-identity.ts';
import type { Settings } from './settings.ts';

/** A hash of the canonical content: equal exactly if two submissions are the same content. Spec: IDN-001 to IDN-006. */
export function fingerprintOf(node: JsonNode, text: string, mutants: ReadonlySet<MutantId>): string {
  const content = printJson(node, {
    sorted: !mutants.has('member-order-matters'),
    number: (digits) => (mutants.has('number-spelling-ignored') ? String(Number(digits)) : digits),
    keeps: (name, value) => isContent(name, value, mutants),
  });
  const hashed = mistakenContent(content, text.slice(node.start, node.end), mutants);
  return createHash('sha256').update(hashed).digest('base64');
}

function isContent(name: string, value: JsonNode, mutants: ReadonlySet<MutantId>): boolean {
  if (name === '__proto__') return !mutants.has('proto-not-in-content');
  if (value.kind === 'null') return !mutants.has('nulls-not-in-content');
  const isDefault = name === 'timeoutMs' && value.kind === 'number' && value.value === '30000';
  return !isDefault || !mutants.has('defaults-not-in-content');
}

/** Makes ids that are unique and sort by time. Spec: REC-024. */
export class IdMaker {
  readonly #settings: Settings;
  #lastMs = 0;
  #count = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  next(): string {
    // A clock that steps back must not make an id that sorts before an older one.
    const nowMs = Math.max(Date.now(), this.#lastMs);
    this.#count = nowMs === this.#lastMs ? this.#count + 1 : 0;
    this.#lastMs = nowMs;
    const time = nowMs.toString(16).padStart(12, '0') + this.#count.toString(16).padStart(6, '0');
    const chance = randomBytes(7).toString('hex');
    const { mutants } = this.#settings;
    if (mutants.has('ids-random')) return chance;
    if (this.#count >= 8 && mutants.has('ids-repeat-under-load')) return `${nowMs.toString(16)}-8`;
    if (this.#settings.variants.has('other-ids'))
      return `task:${time.slice(0, 12)}~${time.slice(12)}.${chance}_-`;
    return `${time}${chance}`;
  }
}

const IDEMPOTENCY_KEY = /^"((?:[ !#-[\]-~]|\\["\\])+)"$/;

/** The key in an `Idempotency-Key` header; `undefined` if it is malformed. Spec: REC-019. */
export function parseIdempotencyKey(fields: readonly string[]): string | undefined {
  const match = fields.length === 1 ? IDEMPOTENCY_KEY.exec(fields[0] ?? '') : null;
  const key = match?.[1]?.replaceAll(/\\(.)/g, '$1') ?? '';
  return key.length >= 1 && key.length <= 255 ? key : undefined;
}

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The trace context to keep: none of it if `traceparent` is not well-formed. Spec: REC-023. */
export function keptTrace(traceparent: readonly string[], tracestate: readonly string[]) {
  const match = traceparent.length === 1 ? TRACEPARENT.exec(traceparent[0] ?? '') : null;
  if (match === null || (match[1] === '00' && match[2] !== undefined)) return {};
  const state = tracestate.join(',');
  return { traceparent: match[0], ...(state === '' ? {} : { tracestate: state }) };
}
