import type { Mutant } from '../mutant.ts';

/** Faults in how a body is received: its media type, its size, its end. */
export const JSON_BODY_MUTANTS = [
  {
    id: 'slow-header-section-400',
    fault: 'Answers a header section that does not arrive with 400.',
    check: 'a-slow-header-section-is-ended',
  },
  {
    id: 'slow-body-500',
    fault: 'Answers a body that does not arrive with 500.',
    check: 'a-slow-body-is-ended',
  },
  {
    id: 'broken-http-breaks-next',
    fault: 'Answers the request after one that is no HTTP with 500.',
    check: 'a-refused-request-breaks-nothing',
  },
  {
    id: 'refused-body-read-as-request',
    fault: 'Answers a refused body as if it were the next request.',
    check: 'the-body-of-a-refused-request-is-no-request',
  },
  {
    id: 'charset-refused',
    fault: 'Refuses `application/json` with a charset.',
    check: 'application-json-is-accepted',
    collateral: ['identity-ignores-clock-and-headers'],
  },
  {
    id: 'text-plain-accepted',
    fault: 'Accepts a body of the media type `text/plain`.',
    check: 'other-media-types-are-refused',
    collateral: [
      'details-say-what-was-expected-and-what-came',
      'operations-refuse-other-media-types',
      'refused-submit-records-nothing',
      'requests-are-judged-in-order',
    ],
  },
  {
    id: 'json-like-types-accepted',
    fault: 'Accepts every media type with `json` in its name.',
    check: 'other-media-types-are-refused',
  },
  {
    id: 'missing-media-type-accepted',
    fault: 'Takes a body without a media type as JSON.',
    check: 'a-body-without-media-type-is-refused',
  },
  {
    id: 'operations-take-any-media-type',
    fault: 'Does not look at the media type of the body of a cancel, a run, a retry or a delete.',
    check: 'operations-refuse-other-media-types',
  },
  {
    id: 'gzip-decompressed',
    fault: 'Decompresses a body with `Content-Encoding: gzip`.',
    check: 'no-body-is-decompressed',
  },
  {
    id: 'missing-body-is-malformed',
    fault: 'Answers a submit without a body with `malformed-json`.',
    check: 'a-submit-needs-a-body',
    collateral: ['a-batch-needs-a-body'],
  },
  {
    id: 'missing-batch-is-empty',
    fault: 'Takes a batch without a body as one without tasks.',
    check: 'a-batch-needs-a-body',
  },
  {
    id: 'chunked-empty-body-judged',
    fault: 'Asks for a media type of an empty body that comes in chunks.',
    check: 'cancel-and-retry-need-no-body',
  },
  {
    id: 'run-refuses-empty-object',
    fault: 'Refuses `{}` as the body of a run.',
    check: 'run-needs-no-body',
    collateral: ['operation-takes-an-empty-object'],
  },
  {
    id: 'delete-refuses-empty-object',
    fault: 'Refuses `{}` as the body of a delete.',
    check: 'delete-needs-no-body',
    collateral: ['operation-takes-an-empty-object'],
  },
  {
    id: 'get-body-judged',
    fault: 'Reads the body of a GET, and refuses one that is malformed.',
    check: 'a-get-with-a-body-is-answered-as-without',
  },
  {
    id: 'body-limit-exclusive',
    fault: 'Refuses a body of exactly `limits.maxTaskBytes`.',
    check: 'a-body-may-be-as-large-as-declared',
  },
  {
    id: 'body-limit-ignored',
    fault: 'Accepts a body of more than `limits.maxTaskBytes`.',
    check: 'a-body-too-large-is-refused',
    collateral: [
      'a-batch-has-a-limit-of-its-own',
      'a-body-in-chunks-is-held-to-the-limit',
      'a-task-of-a-batch-is-held-to-the-limit',
      'bodies-are-counted-in-bytes',
      'operations-hold-bodies-to-the-limit',
      'refused-submit-records-nothing',
      'requests-are-judged-in-order',
    ],
  },
  {
    id: 'chunked-body-unlimited',
    fault: 'Holds a body to the limit only if its length is declared.',
    check: 'a-body-in-chunks-is-held-to-the-limit',
  },
  {
    id: 'body-counted-in-characters',
    fault: 'Counts the size of a body in characters.',
    check: 'bodies-are-counted-in-bytes',
  },
  {
    id: 'operation-bodies-unlimited',
    fault: 'Reads the body of an operation on a task without a limit.',
    check: 'operations-hold-bodies-to-the-limit',
  },
  {
    id: 'batch-held-to-task-limit',
    fault: 'Holds the body of a batch to `limits.maxTaskBytes`.',
    check: 'a-batch-has-a-limit-of-its-own',
    collateral: ['a-task-of-a-batch-is-held-to-the-limit'],
  },
  {
    id: 'batch-tasks-unlimited',
    fault: 'Does not hold the tasks of a batch to `limits.maxTaskBytes`.',
    check: 'a-task-of-a-batch-is-held-to-the-limit',
  },
] as const satisfies readonly Mutant[];
