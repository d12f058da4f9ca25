import type { Mutant } from '../mutant.ts';

/** Faults in how long an answer is waited for, and in how it is read. */
export const ANSWER_MUTANTS = [
  {
    id: 'timeout-not-enforced',
    fault: 'Waits for an answer as long as it takes.',
    check: 'attempt-ends-at-its-deadline',
    collateral: [
      'trickling-headers-do-not-extend-the-deadline',
      'status-line-alone-is-no-answer',
      'interim-responses-do-not-extend-the-deadline',
      'deadline-covers-the-tls-handshake',
    ],
  },
  {
    id: 'interim-extends-deadline',
    fault: 'Starts the deadline anew with each interim response.',
    check: 'interim-responses-do-not-extend-the-deadline',
  },
  {
    id: 'deadline-of-a-fifth',
    fault: 'Ends an attempt when a fifth of `timeoutMs` is over.',
    check: 'answer-within-the-deadline-counts',
    collateral: ['attempt-ends-at-its-deadline', 'attempt-outlasts-its-first-lease'],
  },
  {
    id: 'each-byte-extends-deadline',
    fault: 'Starts the deadline anew with each byte that arrives.',
    check: 'trickling-headers-do-not-extend-the-deadline',
    collateral: ['interim-responses-do-not-extend-the-deadline'],
  },
  {
    id: 'status-line-decides',
    fault: 'Takes a status line for the answer before the header section is complete.',
    check: 'status-line-alone-is-no-answer',
    collateral: [
      'trickling-headers-do-not-extend-the-deadline',
      'connection-that-breaks-in-the-headers-is-reset',
      'connection-that-breaks-after-interim-responses-is-reset',
      'attempt-without-an-answer-shows-an-error-code',
    ],
  },
  {
    id: 'interim-taken-as-answer',
    fault: 'Takes an interim response for the answer.',
    check: 'interim-responses-are-passed-over',
    collateral: [
      'interim-responses-do-not-extend-the-deadline',
      'interim-header-sections-are-counted-apart',
      'connection-that-breaks-after-interim-responses-is-reset',
    ],
  },
  {
    id: 'deadline-starts-after-connecting',
    fault: 'Starts the deadline when the connection is made.',
    check: 'deadline-covers-the-tls-handshake',
  },
  {
    id: 'body-awaited',
    fault: 'Waits for the end of the body of a 2xx.',
    check: 'completed-before-the-body-ends',
  },
  {
    id: 'broken-body-fails',
    fault: 'Takes a 2xx whose body is cut off for a broken connection.',
    check: 'completed-whatever-the-body-does',
  },
  {
    id: 'body-read-without-bound',
    fault: 'Leaves the connection open and reads on, however long the body is.',
    check: 'body-is-read-up-to-16-kib',
  },
  {
    id: 'body-decompressed',
    fault: 'Decompresses the body of an answer.',
    check: 'body-is-not-decompressed',
  },
  {
    id: 'header-section-bounded-at-4-kib',
    fault: 'Refuses an answer whose header section has more than 4 KiB.',
    check: 'header-section-of-8-kib-is-accepted',
    collateral: ['header-section-of-many-fields-is-accepted', 'interim-header-sections-are-counted-apart'],
  },
  {
    id: 'header-fields-bounded',
    fault: 'Refuses an answer of more than 100 fields.',
    check: 'header-section-of-many-fields-is-accepted',
  },
  {
    id: 'interim-counted-with-final',
    fault: 'Counts the header sections of interim responses and the final one together.',
    check: 'interim-header-sections-are-counted-apart',
  },
  {
    id: 'http-0-9-accepted',
    fault: 'Takes anything that is not HTTP for a 200 of HTTP/0.9.',
    check: 'http-0-9-is-not-http',
    collateral: ['unreadable-status-line-is-not-http', 'attempt-without-an-answer-shows-an-error-code'],
  },
  {
    id: 'status-line-read-leniently',
    fault: 'Takes any digits in a status line for a status.',
    check: 'unreadable-status-line-is-not-http',
    collateral: ['every-body-matches-its-schema'],
  },
  {
    id: 'first-length-counts',
    fault: 'Goes by the first of several `Content-Length`.',
    check: 'different-lengths-are-not-http',
  },
  {
    id: 'length-not-validated',
    fault: 'Accepts a `Content-Length` that is no number.',
    check: 'length-that-is-no-number-is-not-http',
  },
  {
    id: 'length-beside-chunks-accepted',
    fault: 'Accepts `Content-Length` beside `Transfer-Encoding`.',
    check: 'length-beside-chunks-is-not-http',
  },
  {
    id: 'switching-protocols-passed-over',
    fault: 'Passes over 101 as over any interim response.',
    check: 'switching-protocols-is-not-http',
  },
  {
    id: 'cut-off-headers-accepted',
    fault: 'Goes by the status line of an answer whose header section is cut off.',
    check: 'connection-that-breaks-in-the-headers-is-reset',
    collateral: [
      'connection-that-breaks-after-interim-responses-is-reset',
      'attempt-without-an-answer-shows-an-error-code',
    ],
  },
  {
    id: 'reset-after-interim-misnamed',
    fault: 'Ends an attempt that broke after an interim response with `not-http`.',
    check: 'connection-that-breaks-after-interim-responses-is-reset',
  },
  {
    id: 'claimed-tasks-wait-in-line',
    fault: 'Claims all due tasks of a queue, and sends one after the other.',
    check: 'claimed-task-is-sent-within-a-second',
    collateral: [
      'retry-clears-the-marks-of-the-end',
      'slow-target-holds-up-no-other',
      'cancelled-while-running-and-retryable-is-cancelled',
      'higher-priority-is-claimed-first',
      'earlier-due-at-is-claimed-first',
    ],
  },
  {
    id: 'http-1-0-refused',
    fault: 'Ends an attempt that is answered with HTTP/1.0 with `not-http`.',
    check: 'answers-in-any-form-of-http-1-count',
  },
  {
    id: 'leftover-bytes-read',
    fault: 'Takes what follows an answer for the answer to the next delivery.',
    check: 'leftover-bytes-are-no-answer',
  },
] as const satisfies readonly Mutant[];
