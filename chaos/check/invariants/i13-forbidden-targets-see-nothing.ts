import type { Invariant } from '../invariant.ts';

/** The plan of a task whose target the policy forbids. */
const FORBIDDEN_PLAN = /forbidden/;

/** I13: the target policy holds while everything fails. Spec: POL-001, POL-010, POL-011. */
export const forbiddenTargetsSeeNothing: Invariant = {
  name: 'I13',
  sentence: 'forbidden addresses see no connection',
  violationsOf({ submits, deliveries, attempts }) {
    const isForbidden = submits.some(({ submit }) => FORBIDDEN_PLAN.test(submit.plan));
    const blocked = attempts.filter(({ end }) => end?.ended?.outcome === 'target-blocked');
    return [
      ...(isForbidden ? deliveries.map(() => 'a delivery arrived at a forbidden target') : []),
      ...blocked
        .filter((attempt) => attempt.deliveries.length > 0)
        .map(({ number }) => `attempt ${number} ended target-blocked, and its target got a request`),
    ];
  },
};
