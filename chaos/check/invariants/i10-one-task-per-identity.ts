import type { Invariant } from '../invariant.ts';
import { isSuccess, type TaskHistory } from '../task-history.ts';

/** I10: an identity names one task for ever. Spec: IDN-007 to IDN-017. */
export const oneTaskPerIdentity: Invariant = {
  name: 'I10',
  sentence: 'same id or key and same content: the same task; other content: refused',
  violationsOf(task) {
    return [...recordedTwice(task), ...namedDifferently(task)];
  },
};

/** Without an identity each submit may be recorded, though a producer that wants its log read sends it once. */
function recordedTwice({ submits, transitions }: TaskHistory): string[] {
  const recorded = transitions.filter(({ table, op }) => table === 'tasks' && op === 'insert').length;
  const most = submits.some(({ submit }) => submit.id ?? submit.idempotencyKey) ? 1 : submits.length;
  return submits.length > 0 && recorded > most ? [`recorded ${recorded} times`] : [];
}

function namedDifferently({ submits, recorded }: TaskHistory): string[] {
  return submits
    .filter(({ answer }) => isSuccess(answer?.status))
    .flatMap(({ submit, answer }) => {
      const expected = submit.id ?? recorded?.row.id;
      return expected === undefined || answer?.taskId === expected
        ? []
        : [`expected the task id ${expected}, the answer named ${String(answer?.taskId)}`];
    });
}

/** What was sent and answered under an identity (an id, a key) or recorded under an id; facts of many tasks meet here. */
export interface IdentityFact {
  readonly identity: string;
  readonly token: string;
  readonly at: number;
  readonly says: 'acknowledged' | 'refused as a conflict' | 'not acknowledged' | 'recorded';
}

/** A refusal that names another task with the same identity. */
const CONFLICT_STATUSES: Record<'id' | 'key', number> = { id: 409, key: 422 };

/** What a task says about its identities. */
export function identityFactsOf({ token, submits, recorded }: TaskHistory): IdentityFact[] {
  const facts: IdentityFact[] = submits.flatMap(({ submit, answer }) => {
    const kind = submit.id === undefined ? 'key' : 'id';
    const value = submit.id ?? submit.idempotencyKey;
    if (value === undefined) return [];
    const isConflict = answer?.status === CONFLICT_STATUSES[kind] && !submit.plan.includes('forbidden');
    const says = isSuccess(answer?.status)
      ? 'acknowledged'
      : isConflict
        ? 'refused as a conflict'
        : 'not acknowledged';
    return [{ identity: `${kind} ${value}`, token, at: answer?.at ?? submit.at, says }];
  });
  if (recorded?.row.id !== undefined)
    facts.push({ identity: `task ${recorded.row.id}`, token, at: recorded.at, says: 'recorded' });
  return facts;
}

/** What contradicts the invariant among the facts of one identity. */
export function identityViolations(facts: readonly IdentityFact[]): string[] {
  const identity = facts[0]?.identity ?? '';
  const tokensThat = (...says: IdentityFact['says'][]): Set<string> =>
    new Set(facts.filter((fact) => says.includes(fact.says)).map(({ token }) => token));
  const owners = tokensThat('acknowledged', 'recorded');
  const found: string[] = [];
  if (owners.size > 1) found.push(`${identity} stands for ${owners.size} tasks: ${[...owners].join(', ')}`);
  // A submit that was not acknowledged may have been recorded.
  const possibleOwners = tokensThat('acknowledged', 'recorded', 'not acknowledged');
  for (const token of tokensThat('refused as a conflict'))
    if ([...possibleOwners].every((owner) => owner === token))
      found.push(`${identity} was refused to ${token} as a conflict, and no other task ever had it`);
  return found;
}
