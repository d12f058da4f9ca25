import type { MutantId } from '../selftest/mutants/index.ts';
import { parseInstant } from './instant.ts';
import type { JsonNode } from './json-reader.ts';
import type { ProblemError } from './problems.ts';

/** The members of an object that can be used: those that are named and not null. */
export type Members = ReadonlyMap<string, JsonNode>;

/** Reads values out of a body and collects all that is wrong with them, each with its pointer. */
export class MemberReader {
  readonly errors: ProblemError[] = [];
  readonly #mutants: ReadonlySet<MutantId>;

  constructor(mutants: ReadonlySet<MutantId>) {
    this.#mutants = mutants;
  }

  fault(pointer: string, expected: string, node?: JsonNode): void {
    this.errors.push({ pointer, detail: `expected ${expected}, got ${shown(node)}` });
  }

  /** The members of an object; `names` are those it can have, any if left out. */
  members(node: JsonNode, pointer: string, names?: readonly string[], nullable?: string): Members {
    const found = new Map<string, JsonNode>();
    if (node.kind !== 'object') {
      this.fault(pointer, 'an object', node);
      return found;
    }
    for (const [name, value] of node.members) {
      const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
      const place = `${pointer}/${this.#mutants.has('pointers-not-escaped') ? name : escaped}`;
      if (names && name === '__proto__' && this.#mutants.has('proto-member-ignored')) continue;
      if (names?.includes(name) === false) {
        if (!this.#mutants.has('unknown-members-ignored')) this.fault(place, 'no member of this name', value);
      } else if (value.kind === 'null' && name !== nullable) {
        const isOfFeature = ['request', 'priority', 'expiresAt'].includes(name);
        const isAbsent = isOfFeature && this.#mutants.has('null-of-features-ignored');
        if (!isAbsent && !this.#mutants.has('null-taken-as-absent')) this.fault(place, 'a value', value);
      } else found.set(name, value);
    }
    return found;
  }

  /** A string that `accepts` takes; `undefined`, and a fault, if it is none. */
  string(node: JsonNode | undefined, pointer: string, expected: string, accepts: (text: string) => boolean) {
    if (node === undefined) return undefined;
    if (node.kind === 'string' && accepts(node.value)) return node.value;
    this.fault(pointer, expected, node);
    return undefined;
  }

  number(
    node: JsonNode | undefined,
    pointer: string,
    [least, most]: readonly [number, number],
    whole = true,
  ) {
    if (node === undefined) return undefined;
    const lenient = node.kind === 'string' && this.#mutants.has('numbers-in-strings-accepted');
    const value = node.kind === 'number' || lenient ? Number(node.value) : Number.NaN;
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    if (value >= least && value <= most && this.#mutants.has('fractions-rounded')) return Math.round(value);
    this.fault(pointer, `${whole ? 'an integer' : 'a number'} from ${least} to ${most}`, node);
    return undefined;
  }

  instant(node: JsonNode | undefined, pointer: string): number | undefined {
    if (node === undefined) return undefined;
    const value = node.kind === 'string' ? parseInstant(node.value, this.#mutants) : undefined;
    if (value === undefined) this.fault(pointer, 'an RFC 3339 instant of the years 1970 to 9999', node);
    return value;
  }
}

/** Characters of a text as JSON Schema counts them: code points. */
export function lengthOf(text: string): number {
  let length = 0;
  // oxlint-disable-next-line no-unused-vars -- only how many there are matters.
  for (const _ of text) length += 1;
  return length;
}

function shown(node: JsonNode | undefined): string {
  if (node === undefined) return 'none';
  if (node.kind === 'object' || node.kind === 'array') return `an ${node.kind}`;
  const text =
    node.kind === 'null' ? 'null' : node.kind === 'number' ? node.value : JSON.stringify(node.value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
