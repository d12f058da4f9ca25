import type { Mutant } from '../mutant.ts';

/** Faults in when and how a task is delivered. */
export const DELIVERY_MUTANTS = [
  {
    id: 'method-wrong',
    fault: 'Delivers with PUT instead of POST.',
    check: 'delivery-is-a-post-with-name-and-arguments',
  },
  {
    id: 'task-name-missing',
    fault: 'Delivers a body without `taskName`.',
    check: 'delivery-is-a-post-with-name-and-arguments',
    collateral: [
      'delivery-escapes-the-name-as-little-as-json-can',
      'delivery-without-arguments-has-null',
      'delivery-of-a-large-body-has-its-length',
    ],
  },
  { id: 'content-type-missing', fault: 'Delivers without Content-Type.', check: 'delivery-is-json' },
  {
    id: 'own-headers-lost',
    fault: "Does not send the task's `headers`.",
    check: 'own-headers-are-sent',
    collateral: [
      'own-content-type-replaces-json',
      'own-user-agent-is-sent',
      'own-headers-are-sent-in-iso-8859-1',
      'as-many-own-headers-are-sent-as-were-accepted',
      'own-trace-header-counts-for-itself',
      'own-idempotency-key-counts',
      'own-idempotency-key-beats-that-of-the-submit',
      'request-has-only-its-own-content-type',
    ],
  },
  {
    id: 'request-body-reencoded',
    fault: 'Sends a base64 body of `request` without decoding it.',
    check: 'request-body-is-decoded-from-base64',
    collateral: ['every-attempt-sends-the-same-request'],
  },
  {
    id: 'trace-lost',
    fault: 'Does not send the trace context that was submitted.',
    check: 'trace-context-is-sent',
    collateral: ['own-trace-header-counts-for-itself', 'trace-context-of-a-batch-is-sent'],
  },
  {
    id: 'id-changes-on-retry',
    fault: 'Sends another `Dispatchr-Task-Id` in each attempt.',
    check: 'delivery-names-its-task',
    collateral: ['id-stays-the-same-for-life'],
  },
  {
    id: 'attempt-number-static',
    fault: 'Sends `Dispatchr-Attempt: 1` in every attempt.',
    check: 'delivery-numbers-its-attempt',
    collateral: [
      'attempts-left-are-counted-anew-after-a-retry',
      'attempts-are-numbered-without-gaps',
      'run-ends-the-pause-before-the-next-try',
      'retry-of-terminal-delivers-anew',
      'retry-goes-on-numbering',
    ],
  },
  {
    id: 'attempts-left-wrong-on-last',
    fault: 'Sends `Dispatchr-Attempts-Left: 1` in the last attempt.',
    check: 'delivery-counts-the-attempts-left',
  },
  {
    id: 'due-at-of-submit',
    fault: 'Sends the instant of the submit in `Dispatchr-Due-At`, also in a retry.',
    check: 'delivery-says-when-it-was-due',
    collateral: [
      'run-makes-a-delayed-task-due',
      'not-delivered-before-due-at',
      'past-due-at-is-kept-and-delivered-at-once',
      'due-at-at-the-end-is-that-of-the-last-attempt',
    ],
  },
  {
    id: 'scheduled-early',
    fault: 'Delivers a task 400 ms before it is due.',
    check: 'not-delivered-before-due-at',
    collateral: ['delay-counts-*'],
  },
  {
    id: 'due-task-late',
    fault: 'Delivers a scheduled task a second and a half late.',
    check: 'due-task-is-sent-within-a-second',
    collateral: ['delay-counts-*', 'not-delivered-before-due-at', 'max-duration-counts-*'],
  },
  {
    id: 'expiry-ignored',
    fault: 'Delivers a task after its `expiresAt`.',
    check: 'expired-task-is-not-delivered',
    collateral: [
      'retry-clears-an-expiry-*',
      'task-expires-*',
      'expiry-is-not-compared-*',
      'next-try-beyond-*',
      'past-expiry-fails-the-task',
    ],
  },
  {
    id: 'priority-ignored',
    fault: 'Claims due tasks in the order of their submit.',
    check: 'higher-priority-is-claimed-first',
    collateral: ['earlier-due-at-*'],
  },
  {
    id: 'stuck-target-blocks-others',
    fault: 'Claims nothing while one URL has eight attempts in flight.',
    check: 'slow-target-holds-up-no-other',
  },
  {
    id: 'in-flight-lost-on-kill',
    fault: 'Forgets the tasks in flight when it is killed.',
    check: 'task-in-flight-at-a-kill-is-delivered-again',
    collateral: ['acknowledged-tasks-survive-a-kill'],
  },
  {
    id: 'stuck-running-after-restart',
    fault: 'Leaves tasks running whose process was killed.',
    check: 'task-in-flight-at-a-kill-is-delivered-again',
    collateral: ['acknowledged-tasks-survive-a-kill'],
  },
  {
    id: 'released-costs-attempt',
    fault: 'Counts an attempt that it broke off to stop.',
    check: 'stop-releases-what-it-breaks-off',
    collateral: ['released-task-is-pending-and-due-at-once'],
  },
  {
    id: 'slash-escaped',
    fault: 'Escapes `/` in the name that it delivers.',
    check: 'delivery-escapes-the-name-as-little-as-json-can',
  },
  {
    id: 'absent-args-left-out',
    fault: 'Delivers a body without `taskArgs` if the task has none.',
    check: 'delivery-without-arguments-has-null',
  },
  {
    id: 'host-without-port',
    fault: 'Sends `Host` without the port.',
    check: 'delivery-is-http-1-1-with-host-and-length',
  },
  {
    id: 'large-body-chunked',
    fault: 'Sends a body of more than 16 KiB in chunks.',
    check: 'delivery-of-a-large-body-has-its-length',
    collateral: ['every-delivery-is-framed'],
  },
  {
    id: 'expect-sent-with-large-body',
    fault: 'Sends `Expect: 100-continue` with a body of more than 1 KiB.',
    check: 'delivery-expects-nothing',
    collateral: ['every-delivery-is-framed'],
  },
  {
    id: 'args-reprinted-on-retry',
    fault: 'Prints `taskArgs` anew in every attempt but the first.',
    check: 'every-attempt-sends-the-same-bytes',
  },
  {
    id: 'own-names-compared-by-case',
    fault: 'Sends a default beside an own header whose name is written in another case.',
    check: 'own-content-type-replaces-json',
    collateral: [
      'own-user-agent-is-sent',
      'own-trace-header-counts-for-itself',
      'every-delivery-has-its-headers',
    ],
  },
  {
    id: 'queue-always-default',
    fault: 'Sends `Dispatchr-Queue: default` for every queue.',
    check: 'delivery-names-its-queue',
  },
  {
    id: 'attempts-left-counted-from-number',
    fault:
      'Counts `Dispatchr-Attempts-Left` from the number of the attempt, also after a retry of the operator.',
    check: 'attempts-left-are-counted-anew-after-a-retry',
    collateral: ['retry-gives-a-fresh-budget'],
  },
  {
    id: 'user-agent-missing',
    fault: 'Sends no `User-Agent`.',
    check: 'delivery-has-a-user-agent',
    collateral: ['every-delivery-has-its-headers'],
  },
  {
    id: 'own-user-agent-overwritten',
    fault: "Sends its own `User-Agent` in the place of the task's.",
    check: 'own-user-agent-is-sent',
  },
  {
    id: 'header-values-sent-as-utf-8',
    fault: 'Sends header values in UTF-8.',
    check: 'own-headers-are-sent-in-iso-8859-1',
  },
  {
    id: 'own-headers-cut',
    fault: "Sends the first 32 of the task's `headers` only.",
    check: 'as-many-own-headers-are-sent-as-were-accepted',
  },
  {
    id: 'trace-made-up',
    fault: 'Sends a `traceparent` of its own where none was submitted.',
    check: 'no-trace-context-is-made-up',
    collateral: ['own-trace-header-counts-for-itself'],
  },
  {
    id: 'own-trace-drops-both',
    fault: "Sends neither trace header of the submit if the task's `headers` has one of them.",
    check: 'own-trace-header-counts-for-itself',
  },
  {
    id: 'batch-trace-lost',
    fault: 'Does not keep the trace headers of a batch.',
    check: 'trace-context-of-a-batch-is-sent',
  },
  {
    id: 'key-sent-without-quotes',
    fault: 'Sends `Idempotency-Key` without quotes and escapes.',
    check: 'idempotency-key-is-sent',
  },
  {
    id: 'task-id-sent-as-key',
    fault: 'Sends the id of a task without a key as `Idempotency-Key`.',
    check: 'no-idempotency-key-is-made-up',
  },
  {
    id: 'own-key-dropped',
    fault: "Does not send an `Idempotency-Key` of the task's `headers`.",
    check: 'own-idempotency-key-counts',
    collateral: ['own-idempotency-key-beats-that-of-the-submit'],
  },
  {
    id: 'submitted-key-beats-own',
    fault: "Sends the key of the submit although the task's `headers` has one.",
    check: 'own-idempotency-key-beats-that-of-the-submit',
  },
  {
    id: 'request-method-ignored',
    fault: 'Delivers a task with `request` by POST always.',
    check: 'request-method-is-sent',
    collateral: ['every-attempt-sends-the-same-request'],
  },
  {
    id: 'request-body-sent-in-latin-1',
    fault: 'Sends `request.body` in ISO 8859-1.',
    check: 'request-body-is-sent-as-utf-8',
  },
  {
    id: 'bodiless-request-sends-null',
    fault: 'Sends the body `null` with a `request` that has none.',
    check: 'request-without-body-sends-none',
  },
  {
    id: 'get-body-dropped',
    fault: 'Sends a GET without its body.',
    check: 'request-body-is-sent-with-every-method',
  },
  {
    id: 'request-typed-as-json',
    fault: 'Sends `Content-Type: application/json` with a `request` too.',
    check: 'request-has-only-its-own-content-type',
  },
  {
    id: 'request-method-lost-on-retry',
    fault: 'Sends a `request` by POST in every attempt but the first.',
    check: 'every-attempt-sends-the-same-request',
  },
] as const satisfies readonly Mutant[];
