import type { Check } from '../../check.ts';
import { ATTEMPT_CHECKS } from './attempts.ts';
import { BATCH_IDENTITY_CHECKS } from './batch.ts';
import { CONTENT_PROPERTY_CHECKS } from './content-property.ts';
import { CONTENT_CHECKS } from './content.ts';
import { FILTER_CHECKS } from './filters.ts';
import { GET_CHECKS } from './get.ts';
import { ID_DELIVERED_CHECKS } from './id-delivered.ts';
import { ID_CHECKS } from './id.ts';
import { KEY_CHECKS } from './key.ts';
import { LIST_CHECKS } from './list.ts';
import { PAGE_WALK_CHECKS } from './page-walks.ts';
import { PAGE_CHECKS } from './pages.ts';
import { RACE_CHECKS } from './race.ts';
import { RESPONSE_BODY_CHECKS } from './response-body.ts';
import { SERVER_CHECKS } from './server.ts';
import { VERBATIM_CHECKS } from './verbatim.ts';

/** Which submits are one task, and what reads show: IDN, REC-040 to REC-073, PAG. */
export const IDENTITY_CHECKS: readonly Check[] = [
  ...CONTENT_CHECKS,
  ...CONTENT_PROPERTY_CHECKS,
  ...ID_CHECKS,
  ...ID_DELIVERED_CHECKS,
  ...KEY_CHECKS,
  ...BATCH_IDENTITY_CHECKS,
  ...RACE_CHECKS,
  ...GET_CHECKS,
  ...VERBATIM_CHECKS,
  ...LIST_CHECKS,
  ...FILTER_CHECKS,
  ...PAGE_CHECKS,
  ...PAGE_WALK_CHECKS,
  ...ATTEMPT_CHECKS,
  ...RESPONSE_BODY_CHECKS,
  ...SERVER_CHECKS,
];
