const PRODUCER = 'It binds producers; an implementation cannot violate it.';

/** The MUSTs of states, time and operations that no check shows, and why. */
export const OPERATIONS_NOT_CHECKED: Readonly<
  Record<string, { readonly hash: string; readonly reason: string }>
> = {
  'NOT-001': { hash: 'fbd66b03', reason: PRODUCER },
  'NOT-002': { hash: 'e295c3fd', reason: PRODUCER },
  'NOT-003': { hash: 'd8940d89', reason: PRODUCER },
  'NOT-004': { hash: 'c504427b', reason: PRODUCER },
  'NOT-005': { hash: 'fd5c6407', reason: 'It binds targets; an implementation cannot violate it.' },
  'NOT-006': { hash: '7a86236f', reason: 'It binds targets; an implementation cannot violate it.' },
  'NOT-007': { hash: '2b40b36d', reason: PRODUCER },
  'NOT-008': { hash: 'a5f12e11', reason: PRODUCER },
  'NOT-009': { hash: 'bea6c0c2', reason: PRODUCER },
  'NOT-010': { hash: '1bd90ade', reason: PRODUCER },
  'NOT-011': { hash: '06c7b0ea', reason: PRODUCER },
};
