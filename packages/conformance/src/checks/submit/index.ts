import type { Check } from '../../check.ts';
import { SUBMIT_ANSWER_CHECKS } from './answer.ts';
import { BATCH_ANSWER_CHECKS } from './batch-answer.ts';
import { BATCH_ATOMICITY_CHECKS } from './batch-atomicity.ts';
import { BATCH_REFUSAL_CHECKS } from './batch-refusal.ts';
import { DECLARED_POLICY_CHECKS } from './declared-policy.ts';
import { DIAL_POLICY_CHECKS } from './dial-policy.ts';
import { GENERATED_ID_CHECKS } from './generated-id.ts';
import { HEADERS_CHECKS } from './headers.ts';
import { IDEMPOTENCY_KEY_CHECKS } from './idempotency-key.ts';
import { PREFER_CHECKS } from './prefer.ts';
import { REFUSAL_CHECKS } from './refusal.ts';
import { REQUEST_TEMPLATE_CHECKS } from './request-template.ts';
import { RETRY_POLICY_CHECKS } from './retry-policy.ts';
import { TARGET_POLICY_CHECKS } from './target-policy.ts';
import { TARGET_URL_CHECKS } from './target-url.ts';
import { TRACE_CHECKS } from './trace.ts';

/** What a submit and a batch accept, refuse and answer, and which targets there are. */
export const SUBMIT_CHECKS: readonly Check[] = [
  ...SUBMIT_ANSWER_CHECKS,
  ...GENERATED_ID_CHECKS,
  ...REFUSAL_CHECKS,
  ...RETRY_POLICY_CHECKS,
  ...HEADERS_CHECKS,
  ...REQUEST_TEMPLATE_CHECKS,
  ...IDEMPOTENCY_KEY_CHECKS,
  ...PREFER_CHECKS,
  ...TRACE_CHECKS,
  ...BATCH_ANSWER_CHECKS,
  ...BATCH_REFUSAL_CHECKS,
  ...BATCH_ATOMICITY_CHECKS,
  ...TARGET_URL_CHECKS,
  ...TARGET_POLICY_CHECKS,
  ...DECLARED_POLICY_CHECKS,
  ...DIAL_POLICY_CHECKS,
];
