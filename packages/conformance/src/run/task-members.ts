import type { Fault, SeenTask } from './seen-task.ts';

const TERMINAL = new Set(['completed', 'failed', 'cancelled']);
const KNOWN = new Set(['pending', 'running', ...TERMINAL]);

/** What is wrong with a task as it is shown, whatever came before: members that its state must or must not have. */
export function taskFaults(task: SeenTask): Fault[] {
  const faults: Fault[] = [];
  const rule = (requirement: string, isKept: boolean, what: string): void => {
    if (!isKept) faults.push([requirement, `${what}, got ${shown(task)}`]);
  };
  const { state, reason, attempt, attemptsUsed, finishedAt, startedAt, retry } = task;
  // A later version may add states (the enumeration is open).
  if (!KNOWN.has(state)) return [];
  rule('STA-012', (reason !== undefined) === (state === 'failed'), 'expected reason exactly while failed');
  rule(
    'STA-013',
    (finishedAt !== undefined) === TERMINAL.has(state),
    'expected finishedAt exactly while terminal',
  );
  rule('STA-003', (startedAt !== undefined) === attempt > 0, 'expected startedAt exactly after a claim');
  rule('STA-003', state !== 'running' || attempt > 0, 'expected a number of an attempt while running');
  rule('STA-014', state !== 'completed' || attempt > 0, 'expected an attempt of a completed task');
  rule('STA-022', attemptsUsed <= attempt, 'expected no more attempts used than there were');
  rule('STA-025', !(attemptsUsed > retry?.maxAttempts), 'expected attemptsUsed within maxAttempts');
  return faults;
}

function shown({ state, reason, attempt, attemptsUsed, startedAt, finishedAt }: SeenTask): string {
  return JSON.stringify({ state, reason, attempt, attemptsUsed, startedAt, finishedAt });
}
