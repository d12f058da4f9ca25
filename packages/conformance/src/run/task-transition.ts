import type { Fault, SeenTask } from './seen-task.ts';

const TERMINAL = new Set(['completed', 'failed', 'cancelled']);

/** Why a task that was `before` cannot have become `after` without an operator's retry; `undefined` if it can. */
export function transitionFault(before: SeenTask, after: SeenTask): Fault | undefined {
  const from = shown(before);
  const to = shown(after);
  if (from === to) return undefined;
  const what = `expected no way from ${from} to ${to}`;
  if (TERMINAL.has(before.state)) return ['STA-011', what];
  if (after.attempt < before.attempt) return ['STA-021', what];
  if (after.attemptsUsed < before.attemptsUsed) return ['STA-001', what];
  if (after.attemptsUsed - before.attemptsUsed > after.attempt - before.attempt + 1) return ['STA-001', what];
  const isSame = after.attempt === before.attempt;
  return isSame && !isWithinAttempt(before, after) ? ['STA-001', what] : undefined;
}

/** Whether the state table leads from one state to the other without a claim in between. */
function isWithinAttempt(before: SeenTask, after: SeenTask): boolean {
  if (before.state === 'running') return true;
  if (before.attemptsUsed !== after.attemptsUsed) return false;
  if (after.state === 'failed') return after.reason === 'expired';
  return after.state === 'pending' || after.state === 'cancelled';
}

function shown({ state, reason, attempt, attemptsUsed }: SeenTask): string {
  return JSON.stringify({ state, reason, attempt, attemptsUsed });
}
