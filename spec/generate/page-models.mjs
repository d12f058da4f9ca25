// The models of a document as HTML.
import { block, code, escapeHtml, inline, json, table } from './html.mjs';

/** Every schema of the documents: members, bounds, meaning, example. */
export function modelSections(schemas) {
  return Object.entries(schemas)
    .map(
      ([name, schema]) =>
        `<section id="model-${name}"><h3>${name}</h3>\n${block(schema.description)}${modelBody(schema)}</section>\n`,
    )
    .join('');
}

/** A schema in a few words, linked to its section when it has one. */
export function typeOf(schema) {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1);
    return `<a href="#model-${name}">${name}</a>`;
  }
  if (schema.anyOf !== undefined)
    return `${schema.anyOf.flatMap((each) => (each.enum ?? []).map(code)).join(' | ')} or another`;
  if (schema.enum !== undefined) return schema.enum.map(code).join(' | ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items)}${boundsOf(schema)}`;
  return `${schema.type ?? 'any JSON'}${boundsOf(schema)}`;
}

function modelBody(schema) {
  if (schema['x-known-values'] !== undefined) {
    const rows = Object.entries(schema['x-known-values']).map(([value, meaning]) => [
      code(value),
      inline(meaning),
    ]);
    return table(['value', 'meaning'], rows);
  }
  const closed = schema.additionalProperties === false ? '<p>Other members are refused.</p>' : '';
  const example = schema.examples === undefined ? '' : `<h4>Example</h4>${json(schema.examples[0])}`;
  if (schema.properties === undefined) return `<p>${typeOf(schema)}</p>${closed}${example}`;
  return memberTable(schema) + closed + example;
}

function memberTable({ properties, required = [] }) {
  const rows = Object.entries(properties).map(([name, member]) => [
    code(name),
    typeOf(member),
    required.includes(name) ? 'always' : defaultOf(member),
    inline(member.description) + exampleOf(member),
  ]);
  return table(['member', 'type', 'there, or default', 'meaning'], rows);
}

function defaultOf({ default: value }) {
  return value === undefined ? 'optional' : code(JSON.stringify(value));
}

function exampleOf({ examples: [example] = [] }) {
  return example === undefined
    ? ''
    : ` <span class="example">For example ${code(JSON.stringify(example))}</span>`;
}

const BOUNDS = [
  ['minimum', 'from '],
  ['maximum', 'to '],
  ['minLength', 'at least '],
  ['maxLength', 'at most ', ' characters'],
  ['minItems', 'at least '],
  ['maxItems', 'at most ', ' items'],
  ['pattern', 'matching '],
  ['format', ''],
];

function boundsOf(schema) {
  const bounds = BOUNDS.flatMap(([keyword, before, after = '']) =>
    schema[keyword] === undefined ? [] : [`${before}${number(schema[keyword])}${after}`],
  );
  return bounds.length === 0 ? '' : `<br><small>${escapeHtml(bounds.join(', '))}</small>`;
}

function number(value) {
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}
