// Gathers the numbered requirements from the decorators and from the prose.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationsOf } from './normalise.mjs';

const PROSE = /^\*\*([A-Z]{3}-\d{3})\*\* (.+)$/;

/** Answers every requirement `{id, level, text, operation?, source}`, by id. */
export function gatherRequirements(folder, documents) {
  const sources = typeSpecSources(folder);
  const bound = documents.flatMap((document) =>
    operationsOf(document).flatMap((each) => boundTo(each.operation, sources)),
  );
  return [...bound, ...inProse(folder)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Answers the RFC 2119 keywords in a sentence, in order: `['MUST NOT']`. */
export function keywordsOf(text) {
  return text.match(/\b(MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)\b/g) ?? [];
}

function boundTo(operation, sources) {
  return (operation['x-dispatchr-requirements'] ?? []).map(({ id, text }) => ({
    id,
    level: levelOf(text),
    text,
    operation: operation.operationId,
    source: sources.find(({ content }) => content.includes(`"${id}"`))?.name,
  }));
}

function inProse(folder) {
  const names = readdirSync(join(folder, 'requirements'))
    .filter((name) => name.endsWith('.md'))
    .toSorted();
  return names.flatMap((name) =>
    readFileSync(join(folder, 'requirements', name), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, id, text] = PROSE.exec(line) ?? [];
        return id === undefined ? [] : [{ id, level: levelOf(text), text, source: `requirements/${name}` }];
      }),
  );
}

function levelOf(text) {
  return keywordsOf(text)[0]?.split(' ')[0] ?? 'none';
}

function typeSpecSources(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.tsp') && !name.startsWith('node_modules'))
    .toSorted()
    .map((name) => ({ name, content: readFileSync(join(folder, name), 'utf8') }));
}
