import type { Mutant } from '../mutant.ts';

/** Faults in signing deliveries. */
export const SIGNATURE_MUTANTS = [
  {
    id: 'signed-bytes-differ',
    fault: 'Signs other bytes than those of the body.',
    check: 'signature-fits-the-body',
    collateral: ['each-secret-signs', 'each-attempt-is-signed-anew', 'signature-fits-the-bytes-of-a-request'],
  },
  {
    id: 'timestamp-reused',
    fault: 'Sends the `webhook-timestamp` of the first attempt in every attempt.',
    check: 'each-attempt-has-its-own-timestamp',
  },
  {
    id: 'retries-unsigned',
    fault: 'Signs the first attempt only.',
    check: 'each-attempt-is-signed-anew',
    collateral: ['signed-delivery-names-its-task', 'each-attempt-has-its-own-timestamp'],
  },
  { id: 'rotation-drops-old-key', fault: 'Signs with the first secret only.', check: 'each-secret-signs' },
  {
    id: 'signatures-declared-not-sent',
    fault: 'Declares `signatures` and signs nothing.',
    check: 'signature-fits-the-body',
    collateral: [
      'signed-delivery-names-its-task',
      'each-secret-signs',
      'each-attempt-is-signed-anew',
      'each-attempt-has-its-own-timestamp',
      'signature-fits-the-bytes-of-a-request',
      'signatures-are-declared-exactly-while-sent',
    ],
  },
  {
    id: 'webhook-id-anew',
    fault: 'Makes a new `webhook-id` for each delivery.',
    check: 'signed-delivery-names-its-task',
  },
  {
    id: 'signature-over-text',
    fault: 'Signs the body read as text.',
    check: 'signature-fits-the-bytes-of-a-request',
  },
  {
    id: 'signed-without-feature',
    fault: 'Signs deliveries without declaring `signatures`.',
    check: 'unsigned-delivery-has-no-webhook-headers',
    collateral: ['signatures-are-declared-exactly-while-sent'],
  },
  {
    id: 'secrets-in-discovery',
    fault: 'Shows its signing secrets in discovery.',
    check: 'secrets-are-not-shown',
  },
] as const satisfies readonly Mutant[];
