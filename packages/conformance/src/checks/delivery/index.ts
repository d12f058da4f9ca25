import type { Check } from '../../check.ts';
import { ANSWER_LIST_CHECKS } from './answer-lists.ts';
import { ANSWER_SIZE_CHECKS } from './answer-size.ts';
import { ANSWER_CHECKS } from './answers.ts';
import { BROKEN_CONNECTION_CHECKS } from './broken-connection.ts';
import { CONNECTION_CHECKS } from './connection.ts';
import { DEADLINE_CHECKS } from './deadline.ts';
import { DELIVERY_HEADER_CHECKS } from './headers.ts';
import { NOT_HTTP_CHECKS } from './not-http.ts';
import { OVERLAP_CHECKS } from './overlap.ts';
import { OWN_HEADER_CHECKS } from './own-headers.ts';
import { DELIVERY_REQUEST_CHECKS } from './request.ts';
import { SIGNATURE_CHECKS } from './signatures.ts';
import { REQUEST_TEMPLATE_CHECKS } from './template.ts';

/** What a scheduler sends, for how long, and what it makes of the answer. */
export const DELIVERY_CHECKS: readonly Check[] = [
  ...DELIVERY_REQUEST_CHECKS,
  ...DELIVERY_HEADER_CHECKS,
  ...OWN_HEADER_CHECKS,
  ...REQUEST_TEMPLATE_CHECKS,
  ...CONNECTION_CHECKS,
  ...DEADLINE_CHECKS,
  ...ANSWER_SIZE_CHECKS,
  ...NOT_HTTP_CHECKS,
  ...BROKEN_CONNECTION_CHECKS,
  ...OVERLAP_CHECKS,
  ...ANSWER_CHECKS,
  ...ANSWER_LIST_CHECKS,
  ...SIGNATURE_CHECKS,
];
