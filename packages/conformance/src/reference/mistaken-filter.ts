import type { MutantId } from '../selftest/mutants/index.ts';
import type { Task } from './task.ts';

type Mutants = ReadonlySet<MutantId>;
type FilterName = 'state' | 'queue' | 'flowKey' | 'taskName' | 'target';

/** Whether a mutant lists a task with a filter; `undefined` where it judges as it should. */
export function mistakenMatch(
  task: Task,
  name: FilterName,
  wanted: string,
  mutants: Mutants,
): boolean | undefined {
  const value = task[name] ?? '';
  const age = Date.now() - task.createdAtMs;
  if (name === 'queue' && mutants.has('queue-filter-by-prefix')) return value.startsWith(wanted);
  if (name === 'flowKey' && mutants.has('flow-key-filter-ignores-case'))
    return value.toLowerCase() === wanted.toLowerCase();
  if (name === 'flowKey' && mutants.has('flow-key-index-lags') && age < 200) return false;
  if (
    name === 'flowKey' &&
    mutants.has('default-flow-key-not-found') &&
    value === new URL(task.target).origin
  )
    return false;
  if (name === 'taskName' && mutants.has('task-name-filter-is-a-pattern'))
    return patternOf(wanted).test(value);
  if (name === 'target' && mutants.has('target-filter-by-prefix')) return value.startsWith(wanted);
  if (name === 'target' && mutants.has('target-filter-normalised'))
    return new URL(value).href === new URL(wanted).href;
  if (name === 'state' && mutants.has('cancelled-listed-as-failed') && value === 'cancelled')
    return wanted === 'cancelled' || wanted === 'failed';
  if (name === 'state' && mutants.has('running-not-listed') && value === 'running') return false;
  return undefined;
}

/** A pattern of `LIKE`. */
function patternOf(text: string): RegExp {
  const quoted = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${quoted.replaceAll('_', '.').replaceAll('%', '.*')}$`, 's');
}
