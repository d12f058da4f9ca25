import { DELIVERY_NOT_CHECKED } from './delivery.ts';
import { FLOW_CONTROL_NOT_CHECKED } from './flow-control.ts';
import { IDENTITY_NOT_CHECKED } from './identity.ts';
import { JSON_NOT_CHECKED } from './json.ts';
import { OPERATIONS_NOT_CHECKED } from './operations.ts';
import { RETRY_NOT_CHECKED } from './retry.ts';
import { SUBMIT_NOT_CHECKED } from './submit.ts';

/** A requirement that cannot be seen from outside, and the hash of the text that the reason was written for. */
export interface NotChecked {
  readonly hash: string;
  readonly reason: string;
}

/** The reasons by area; no requirement stands in two of them. */
export const NOT_CHECKED_AREAS: readonly Readonly<Record<string, NotChecked>>[] = [
  SUBMIT_NOT_CHECKED,
  DELIVERY_NOT_CHECKED,
  IDENTITY_NOT_CHECKED,
  RETRY_NOT_CHECKED,
  OPERATIONS_NOT_CHECKED,
  JSON_NOT_CHECKED,
  FLOW_CONTROL_NOT_CHECKED,
];

/** Why a requirement has no check, by its id. */
export const NOT_CHECKED: Readonly<Record<string, NotChecked>> = Object.assign({}, ...NOT_CHECKED_AREAS);
