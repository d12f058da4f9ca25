import type { MutantId } from '../selftest/mutants/index.ts';
import type { JsonNode } from './json-reader.ts';

/** How a value is printed anew. */
interface Printing {
  readonly sorted?: boolean;
  readonly keeps?: (name: string, value: JsonNode) => boolean;
  readonly number?: (text: string) => string;
}

/** The text of a value without white space and with the shortest escapes. */
export function printJson(node: JsonNode, printing: Printing = {}): string {
  switch (node.kind) {
    case 'object': {
      const members = [...node.members].filter(([name, value]) => printing.keeps?.(name, value) ?? true);
      // By UTF-16 code unit, as `<` compares.
      if (printing.sorted === true) members.sort(([a], [b]) => (a < b ? -1 : 1));
      return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${printJson(value, printing)}`).join(',')}}`;
    }
    case 'array':
      return `[${node.items.map((item) => printJson(item, printing)).join(',')}]`;
    case 'number':
      return printing.number?.(node.value) ?? node.value;
    case 'null':
      return 'null';
    default:
      return JSON.stringify(node.value);
  }
}

/** The text of `taskArgs` that is kept: what was submitted, character for character. Spec: REC-050. */
export function keptArgs(node: JsonNode, text: string, mutants: ReadonlySet<MutantId>): string {
  const raw = text.slice(node.start, node.end);
  if (mutants.has('args-reprinted')) return printJson(node);
  if (mutants.has('big-integers-rounded'))
    return printJson(node, { number: (digits) => JSON.stringify(Number(digits)) });
  if (mutants.has('args-order-lost')) return printJson(node, { sorted: true });
  if (mutants.has('args-null-dropped'))
    return printJson(node, { keeps: (_, value) => value.kind !== 'null' });
  if (mutants.has('args-unicode-normalised')) return raw.normalize('NFC');
  if (mutants.has('args-unescaped'))
    return raw.replaceAll(/\\u00(6[1-9a-f]|7[0-9a])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  if (mutants.has('falsy-args-lost') && ['0', 'false', '""'].includes(raw)) return 'null';
  if (mutants.has('empty-names-renamed')) return raw.replaceAll(/""(?=\s*:)/g, '"_"');
  if (mutants.has('slashes-escaped')) return raw.replaceAll(/(?<!\\)\//g, String.raw`\/`);
  if (mutants.has('proto-lost')) return printJson(node, { keeps: (name) => name !== '__proto__' });
  return raw;
}
