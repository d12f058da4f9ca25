import type { NameOf } from './statement-names.ts';

/** What auto_explain wrote to the server's log about one statement. */
export interface LoggedStatement {
  /** Of the statement, or the begin of its text. */
  readonly name: string;
  /** Of every execution. */
  readonly durationsMs: readonly number[];
  /** Of the execution that touched the most blocks: unlike time, that does not depend on who else uses the processor. */
  readonly plan: string;
}

/** Each entry begins with a time; its further lines begin with a tab. */
const ENTRY = /^\d{4}-\d\d-\d\d .*?LOG: {2}duration: ([0-9.]+) ms {2}plan:\n((?:\t.*\n?)+)/gm;

/** The statements of a log, those that took longest altogether first. */
export function plansOfLog(log: string, nameOf: NameOf): readonly LoggedStatement[] {
  const statements = new Map<string, { durationsMs: number[]; plan: string; blocks: number }>();
  for (const [, duration = '', lines = ''] of log.matchAll(ENTRY)) {
    const { text, plan } = splitEntry(lines.replaceAll(/^\t/gm, ''));
    const name = nameOf(text) ?? text.replaceAll(/\s+/g, ' ').slice(0, 60).trim();
    const known = statements.get(name) ?? { durationsMs: [], plan: '', blocks: -1 };
    known.durationsMs.push(Number(duration));
    const blocks = blocksOf(plan);
    statements.set(name, blocks > known.blocks ? { ...known, plan, blocks } : known);
  }
  return [...statements]
    .map(([name, { durationsMs, plan }]) => ({ name, durationsMs, plan }))
    .toSorted((a, b) => sumOf(b.durationsMs) - sumOf(a.durationsMs));
}

/** The statement's text, then its plan, whose first line alone tells a cost without being indented. */
function splitEntry(entry: string): { readonly text: string; readonly plan: string } {
  const lines = entry.split('\n');
  const first = lines.findIndex((line) => /^\S.*\(cost=/.test(line));
  const text = lines.slice(0, first).join('\n').replace('Query Text: ', '');
  return { text, plan: lines.slice(first).join('\n').trimEnd() };
}

/** Of the whole plan, which its first node tells. */
function blocksOf(plan: string): number {
  const [, hit = '0', read = '0'] = /Buffers: shared(?: hit=([0-9]+))?(?: read=([0-9]+))?/.exec(plan) ?? [];
  return Number(hit) + Number(read);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
