import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Finds the name of a statement of the store by its text, as the server tells it; undefined for others. */
export type NameOf = (text: string) => string | undefined;

const STATEMENTS = fileURLToPath(new URL('../../packages/store/src/statements/', import.meta.url));

/** Reads the names from the sources: the server knows texts alone. */
export async function readStatementNames(): Promise<NameOf> {
  const files = (await readdir(STATEMENTS)).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(files.map((name) => readFile(`${STATEMENTS}${name}`, 'utf8')));
  return namesFrom(sources);
}

/** Whose text has all the fixed parts of a statement, in order, is that statement; the longest wins. */
export function namesFrom(sources: readonly string[]): NameOf {
  const statements = sources
    .flatMap((source) => statementsIn(source))
    .toSorted((a, b) => b.parts.join('').length - a.parts.join('').length);
  return (text) => {
    const words = text.replaceAll(/\s+/g, ' ');
    return statements.find(({ parts }) => hasInOrder(words, parts))?.name;
  };
}

interface NamedStatement {
  readonly name: string;
  readonly parts: readonly string[];
}

function statementsIn(source: string): readonly NamedStatement[] {
  const found = source.matchAll(/defineStatement\(\s*'([a-z-]+)',[^`]*?sql`((?:[^`$]|\$\{[^}]*\}|\$)*)`/g);
  return [...found].map(([, name = '', template = '']) => ({ name, parts: partsOf(template) }));
}

/** The server replaces constants, and comments are no matter: parts end there. */
function partsOf(template: string): readonly string[] {
  return template
    .split(/\$\{[^}]*\}|'[^']*'|--.*|\b[0-9]+\b/)
    .map((part) => part.replaceAll(/\s+/g, ' ').trim())
    .filter((part) => part.length > 3);
}

function hasInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  return parts.every((part) => {
    const at = text.indexOf(part, from);
    from = at + part.length;
    return at >= 0;
  });
}
