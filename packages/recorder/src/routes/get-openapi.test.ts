import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { escapePointer } from '../json/json-place.ts';

type Example = { place: string; value: unknown };

describe.each(['recorder', 'target'])('the document of the %s', (name) => {
  const file = new URL(`../../../../spec/emitted/${name}.openapi.json`, import.meta.url);
  const document = JSON.parse(readFileSync(file, 'utf8')) as object;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  ajv.addSchema(document, 'urn:test:document');
  const found = examplesIn(document);

  test('has examples', () => {
    expect(found.length).toBeGreaterThan(20);
  });

  test.each(found)('has an example that is valid: $place', ({ place, value }) => {
    const validate = ajv.compile({ $ref: `urn:test:document#${place}` });
    validate(resolve(document, value));
    expect(validate.errors ?? []).toEqual([]);
  });
});

/** Every example of a document, with the pointer of the schema that it is for. */
function examplesIn(node: unknown, place = ''): Example[] {
  if (typeof node !== 'object' || node === null) return [];
  const { schema, example, examples } = node as Record<string, unknown>;
  const own = valuesOf(example, examples).map((value) => ({
    place: schema === undefined ? place : `${place}/schema`,
    value,
  }));
  const inside = Object.entries(node)
    .filter(([member]) => !NO_SCHEMAS.has(member))
    .flatMap(([member, value]) => examplesIn(value, `${place}/${encodeURIComponent(escapePointer(member))}`));
  return [...own, ...inside];
}

/** What is inside of these is data, in which a member may be named like a keyword. */
const NO_SCHEMAS = new Set(['example', 'examples', 'default', 'const', 'enum', 'required']);

/** A schema has an array of values; media types, parameters and headers have named objects that hold them. */
function valuesOf(example: unknown, examples: unknown): unknown[] {
  const listed = Array.isArray(examples) ? examples : Object.values(examples ?? {}).map(unwrap);
  return example === undefined ? listed : [example, ...listed];
}

function unwrap(named: unknown): unknown {
  const { $ref, value } = named as { $ref?: string; value?: unknown };
  return $ref === undefined ? value : { $ref };
}

/** Examples of problems are kept once, among the components. */
function resolve(document: object, value: unknown): unknown {
  const $ref = typeof value === 'object' && value !== null && '$ref' in value ? value.$ref : undefined;
  if (typeof $ref !== 'string') return value;
  const steps = $ref.slice(2).split('/');
  const found = steps.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], document);
  return (found as { value: unknown }).value;
}
