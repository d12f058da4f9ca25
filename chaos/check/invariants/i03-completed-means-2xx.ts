import type { Invariant } from '../invariant.ts';
import { isSuccess, type AttemptHistory } from '../task-history.ts';

/** I3: the record says what the target said. Spec: STA-014, STA-015, ANS-001, REC-062. */
export const completedMeans2xx: Invariant = {
  name: 'I3',
  sentence:
    'completed means that the target wrote a 2xx for exactly that attempt; so with every recorded status',
  violationsOf(task) {
    return [
      ...task.steps
        .filter(({ after, before }) => after?.state === 'completed' && before?.state !== 'completed')
        .filter(({ ended }) => ended?.outcome !== 'completed')
        .map(() => 'completed without an attempt that ended so'),
      ...task.attempts.flatMap(contradictions),
    ];
  },
};

function contradictions({ number, end, deliveries }: AttemptHistory): string[] {
  const { outcome, status } = end?.ended ?? {};
  if (outcome === 'completed' && !isSuccess(status))
    return [`attempt ${number} completed with the status ${String(status)}`];
  if (status === undefined) return [];
  const written = deliveries.map(({ answered }) => answered?.status);
  if (written.includes(status)) return [];
  const got = written.length === 0 ? 'no request' : `a request and wrote ${written.join(', ') || 'nothing'}`;
  return [`attempt ${number} is recorded as ${outcome} by ${status}; its target got ${got}`];
}
