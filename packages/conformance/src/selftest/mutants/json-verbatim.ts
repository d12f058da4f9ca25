import type { Mutant } from '../mutant.ts';

/** Faults in the depth of a body, and in keeping `taskArgs` as they were submitted. */
export const JSON_VERBATIM_MUTANTS = [
  {
    id: 'depth-limit-exclusive',
    fault: 'Refuses a body that is nested as deeply as `limits.maxDepth`.',
    check: 'a-body-may-be-as-deep-as-declared',
    collateral: ['depth-counts-from-the-body-of-a-batch'],
  },
  {
    id: 'depth-ignored',
    fault: 'Accepts a body that is nested deeper than `limits.maxDepth`.',
    check: 'a-body-too-deep-is-refused',
    collateral: ['depth-counts-from-the-body-of-a-batch', 'malformed-json-says-where'],
  },
  {
    id: 'depth-counted-from-the-task',
    fault: 'Counts the depth of a batch from its tasks.',
    check: 'depth-counts-from-the-body-of-a-batch',
  },
  {
    id: 'detail-without-place',
    fault: 'Does not say where a body is malformed.',
    check: 'malformed-json-says-where',
  },
  {
    id: 'big-integers-rounded',
    fault: 'Rounds the numbers of `taskArgs` to doubles.',
    check: 'numbers-of-any-size-are-kept',
    collateral: [
      'any-task-args-come-back-as-they-were',
      'delivery-is-a-post-with-name-and-arguments',
      'get-keeps-any-task-args',
      'spelling-of-task-args-is-kept',
    ],
  },
  {
    id: 'args-order-lost',
    fault: 'Sorts the members of objects in `taskArgs`.',
    check: 'order-of-members-is-kept',
    collateral: [
      'any-task-args-come-back-as-they-were',
      'delivery-is-a-post-with-name-and-arguments',
      'get-keeps-any-task-args',
      'proto-in-task-args-is-kept',
      'spelling-of-task-args-is-kept',
    ],
  },
  {
    id: 'args-null-dropped',
    fault: 'Drops the members of `taskArgs` that are null.',
    check: 'nulls-inside-task-args-are-kept',
    collateral: [
      'any-task-args-come-back-as-they-were',
      'delivery-is-a-post-with-name-and-arguments',
      'get-keeps-any-task-args',
      'proto-in-task-args-is-kept',
      'spelling-of-task-args-is-kept',
    ],
  },
  {
    id: 'args-unicode-normalised',
    fault: 'Normalises the text of `taskArgs` to NFC.',
    check: 'characters-of-task-args-are-kept',
    collateral: ['any-task-args-come-back-as-they-were', 'get-keeps-any-task-args'],
  },
  {
    id: 'args-reprinted',
    fault: 'Prints `taskArgs` anew, without its white space and with other escapes.',
    check: 'spelling-of-task-args-is-kept',
    collateral: [
      'any-task-args-come-back-as-they-were',
      'delivery-is-a-post-with-name-and-arguments',
      'get-keeps-any-task-args',
    ],
  },
  {
    id: 'boolean-args-refused',
    fault: 'Refuses `taskArgs` that are `true` or `false`.',
    check: 'task-args-may-be-any-value',
    collateral: [
      'any-task-args-come-back-as-they-were',
      'get-keeps-any-task-args',
      'identity-holds-for-any-change',
      'identity-holds-for-any-spelling',
    ],
  },
  {
    id: 'proto-lost',
    fault: 'Loses members named `__proto__` of `taskArgs`.',
    check: 'proto-in-task-args-is-kept',
    collateral: [
      'any-task-args-come-back-as-they-were',
      'delivery-is-a-post-with-name-and-arguments',
      'get-keeps-any-task-args',
      'spelling-of-task-args-is-kept',
    ],
  },
  {
    id: 'proto-member-ignored',
    fault: 'Ignores a member of a submission named `__proto__`.',
    check: 'proto-is-an-unknown-member',
  },
  { id: 'proto-header-lost', fault: 'Loses a header named `__proto__`.', check: 'proto-may-be-a-header' },
  {
    id: 'slashes-escaped',
    fault: 'Shows `/` in `taskArgs` as `\\/`.',
    check: 'any-task-args-come-back-as-they-were',
  },
] as const satisfies readonly Mutant[];
