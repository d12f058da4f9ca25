import { escapeControls } from './escape-controls.ts';
import { paint } from './output-style.ts';
import type { OutputStyle } from './output-style.ts';

/** Something to know, and its name; left out where there is nothing to say. */
export type Fact = readonly [name: string, value: string | undefined];

/** Content longer than this is cut for people; `--json` has all of it. */
const MOST_CHARACTERS = 2000;

/** Facts one below the other, with their names aligned. */
export function factLines(facts: readonly Fact[], style: OutputStyle): string[] {
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `  ${paint(name.padEnd(width), 'dim', style)}  ${shorten(value)}`);
}

/** Text of others for one line, cut to what a person would read. */
export function shorten(text: string): string {
  const escaped = escapeControls(text);
  if (escaped.length <= MOST_CHARACTERS) return escaped;
  return `${escaped.slice(0, MOST_CHARACTERS)}… (${text.length} characters; --json shows all)`;
}
