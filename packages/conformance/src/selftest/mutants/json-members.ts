import type { Mutant } from '../mutant.ts';

/** Faults in judging members, query parameters and instants. */
export const JSON_MEMBER_MUTANTS = [
  {
    id: 'unknown-members-ignored',
    fault: 'Ignores members that the specification does not name.',
    check: 'unknown-members-are-refused',
    collateral: [
      'batch-problems-point-into-the-task',
      'every-fault-is-reported',
      'operations-refuse-members',
      'pointers-are-escaped',
      'proto-is-an-unknown-member',
      'refused-submit-records-nothing',
      'requests-are-judged-in-order',
      'unknown-members-of-a-batch-are-refused',
      'the-task-of-a-schedule-is-judged-as-a-submit',
    ],
  },
  {
    id: 'unknown-batch-members-ignored',
    fault: 'Ignores unknown members beside `tasks` in a batch.',
    check: 'unknown-members-of-a-batch-are-refused',
  },
  {
    id: 'operation-members-ignored',
    fault: 'Ignores members in the body of an operation on a task.',
    check: 'operations-refuse-members',
    collateral: ['requests-are-judged-in-order'],
  },
  {
    id: 'pointers-not-escaped',
    fault: 'Writes `/` and `~` in pointers as they are.',
    check: 'pointers-are-escaped',
  },
  {
    id: 'null-taken-as-absent',
    fault: 'Takes a member that is null as one that is left out.',
    check: 'null-is-refused',
    collateral: ['null-is-refused-in-members-of-features'],
  },
  {
    id: 'null-of-features-ignored',
    fault: 'Takes `request`, `priority` and `expiresAt` that are null as left out.',
    check: 'null-is-refused-in-members-of-features',
  },
  {
    id: 'numbers-in-strings-accepted',
    fault: 'Takes `"5"` as the number 5.',
    check: 'other-types-are-refused',
  },
  {
    id: 'array-for-policy-accepted',
    fault: 'Takes an array as an empty retry policy.',
    check: 'other-structures-are-refused',
  },
  {
    id: 'missing-member-at-root',
    fault: 'Points at the whole task where a required member is missing.',
    check: 'required-members-are-asked-for',
    collateral: ['target-must-be-a-url-with-a-host', 'the-task-of-a-schedule-is-judged-as-a-submit'],
  },
  {
    id: 'fractions-rounded',
    fault: 'Rounds a number with a fraction where an integer is asked for.',
    check: 'numbers-out-of-range-are-refused',
  },
  {
    id: 'queue-unjudged',
    fault: 'Accepts any text as a queue.',
    check: 'texts-out-of-their-schema-are-refused',
    collateral: [
      'every-body-matches-its-schema',
      'every-fault-is-reported',
      'the-task-of-a-schedule-is-judged-as-a-submit',
    ],
  },
  {
    id: 'lengths-in-utf16',
    fault: 'Counts the length of a text in UTF-16 code units.',
    check: 'lengths-count-code-points',
  },
  {
    id: 'unknown-parameters-ignored',
    fault: 'Ignores query parameters that the operation does not have.',
    check: 'unknown-parameters-are-refused',
    collateral: ['parameters-of-other-operations-are-refused', 'refused-submit-records-nothing'],
  },
  {
    id: 'parameters-in-any-case',
    fault: 'Accepts the names of query parameters in any case.',
    check: 'parameters-of-other-operations-are-refused',
  },
  {
    id: 'first-parameter-counts',
    fault: 'Takes the first of two query parameters of one name.',
    check: 'a-parameter-twice-is-refused',
  },
  {
    id: 'probe-parameters-refused',
    fault: 'Refuses query parameters of `/livez` and its like.',
    check: 'probes-may-add-parameters',
    collateral: ['every-status-is-documented'],
  },
  {
    id: 'plus-kept-in-queries',
    fault: 'Takes `+` in a query as a plus.',
    check: 'a-plus-in-a-query-is-a-space',
    collateral: ['flow-keys-are-labels-at-least'],
  },
  {
    id: 'filters-unjudged',
    fault: 'Accepts any text as a filter.',
    check: 'parameters-outside-of-their-schema-are-refused',
    collateral: ['instants-of-filters-are-of-the-years-1970-to-9999'],
  },
  {
    id: 'offset-reversed',
    fault: 'Adds the offset of an instant instead of taking it off.',
    check: 'offsets-are-taken-into-account',
    collateral: [
      'expiry-not-after-due-at-is-refused',
      'instants-are-of-the-years-1970-to-9999',
      'instants-of-filters-are-of-the-years-1970-to-9999',
      'offsets-count-in-filters',
    ],
  },
  {
    id: 'offset-ignored-in-filters',
    fault: 'Ignores the offset of an instant in a query parameter.',
    check: 'offsets-count-in-filters',
  },
  {
    id: 'lower-case-instants-refused',
    fault: 'Refuses `t` and `z` in an instant.',
    check: 't-and-z-may-be-lower-case',
  },
  {
    id: 'milliseconds-rounded',
    fault: 'Rounds an instant to milliseconds.',
    check: 'digits-beyond-milliseconds-are-dropped',
  },
  {
    id: 'days-roll-over',
    fault: 'Takes the 30th of February as the 2nd of March.',
    check: 'texts-that-are-no-instant-are-refused',
  },
  {
    id: 'year-judged-as-written',
    fault: 'Judges the year of a member before the offset is taken off.',
    check: 'instants-are-of-the-years-1970-to-9999',
    collateral: ['instants-of-filters-are-of-the-years-1970-to-9999'],
  },
  {
    id: 'year-of-filters-unjudged',
    fault: 'Accepts instants before 1970 in query parameters.',
    check: 'instants-of-filters-are-of-the-years-1970-to-9999',
  },
] as const satisfies readonly Mutant[];
