import type { MutantId } from '../selftest/mutants/index.ts';
import { isTerminal, type Submission, type Task } from './task.ts';

type Mutants = ReadonlySet<MutantId>;

const STRINGS = /"(?:[^"\\]|\\.)*"/g;

/** The canonical content as a mutant takes it; `text` is what was submitted. */
export function mistakenContent(content: string, text: string, mutants: Mutants): string {
  const outside = text.replaceAll(STRINGS, '""');
  if (mutants.has('white-space-matters')) return content + outside.replaceAll(/\S/g, '').length;
  if (mutants.has('space-before-colon-matters')) return content + (outside.match(/"\s+:/g) ?? []).length;
  if (mutants.has('escapes-matter')) return content + (text.match(/\\(?:u....|\/)/g) ?? []).join('');
  if (mutants.has('strings-normalised')) return content.normalize('NFC');
  if (mutants.has('content-cut-short')) return content.slice(0, 300);
  return content;
}

/** A task that a mutant takes for the one that is submitted; `undefined` if it takes none. */
export function mistakenTask(
  { id, idempotencyKey, taskArgs, fingerprint }: Submission,
  tasks: () => readonly Task[],
  mutants: Mutants,
): Task | undefined {
  const isAnonymous = id === undefined && idempotencyKey === undefined;
  if (id !== undefined && mutants.has('ids-case-folded'))
    return tasks().find((task) => task.id.toLowerCase() === id.toLowerCase());
  if (isAnonymous && taskArgs !== undefined && mutants.has('same-content-deduplicated'))
    return tasks().find((task) => task.fingerprint === fingerprint);
  return undefined;
}

/** Whether a mutant has forgotten the id or the key of a task that exists. */
export function isForgotten(task: Task, { id, queue }: Submission, mutants: Mutants): boolean {
  if (id === undefined) return mutants.has('terminal-keys-forgotten') && isTerminal(task);
  if (task.queue !== queue && mutants.has('ids-unique-per-queue')) return true;
  if (task.state === 'cancelled') return mutants.has('cancelled-ids-forgotten');
  if (task.state === 'running') return mutants.has('running-ids-forgotten');
  return isTerminal(task) && mutants.has('terminal-ids-forgotten');
}

/** Whether a mutant takes other content for the same. */
export function isMistakenForSame(task: Task, { id, pointer }: Submission, mutants: Mutants): boolean {
  if (id === undefined) return mutants.has('key-with-new-content-accepted');
  if (mutants.has('id-with-new-content-accepted')) return true;
  if (pointer !== '' && mutants.has('batch-conflict-ignored')) return true;
  if (!task.generatedId) return false;
  return mutants.has(
    task.idempotencyKey === undefined ? 'generated-id-accepted' : 'keyed-generated-id-accepted',
  );
}
