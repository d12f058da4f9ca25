import type { Check } from '../../check.ts';
import { JSON_ACCESS_CHECKS } from './access.ts';
import { JSON_CHARACTER_CHECKS } from './characters.ts';
import { JSON_CONNECTION_CHECKS } from './connection.ts';
import { JSON_DAMAGED_CHECKS } from './damaged.ts';
import { JSON_DEPTH_CHECKS } from './depth.ts';
import { JSON_DISCOVERY_CHECKS } from './discovery.ts';
import { JSON_FEATURE_CHECKS } from './features.ts';
import { JSON_GRAMMAR_CHECKS } from './grammar.ts';
import { JSON_INSTANT_CHECKS } from './instants.ts';
import { JSON_MEDIA_TYPE_CHECKS } from './media-type.ts';
import { JSON_MEMBER_CHECKS } from './members.ts';
import { JSON_PARAMETER_CHECKS } from './parameters.ts';
import { JSON_PATH_CHECKS } from './paths.ts';
import { JSON_PROBLEM_CHECKS } from './problems.ts';
import { JSON_RANGE_CHECKS } from './ranges.ts';
import { JSON_SIZE_CHECKS } from './size.ts';
import { JSON_VERBATIM_CHECKS } from './verbatim.ts';
import { WHOLE_RUN_CHECKS } from './whole-run.ts';

/** Reading and writing JSON, problems, access, discovery and features; and what the whole run shows. */
export const JSON_CHECKS: readonly Check[] = [
  // Those that wait for a bound of the implementation's own come first.
  ...JSON_CONNECTION_CHECKS,
  ...JSON_MEDIA_TYPE_CHECKS,
  ...JSON_SIZE_CHECKS,
  ...JSON_GRAMMAR_CHECKS,
  ...JSON_DAMAGED_CHECKS,
  ...JSON_CHARACTER_CHECKS,
  ...JSON_DEPTH_CHECKS,
  ...JSON_VERBATIM_CHECKS,
  ...JSON_MEMBER_CHECKS,
  ...JSON_RANGE_CHECKS,
  ...JSON_PARAMETER_CHECKS,
  ...JSON_INSTANT_CHECKS,
  ...JSON_PROBLEM_CHECKS,
  ...JSON_PATH_CHECKS,
  ...JSON_ACCESS_CHECKS,
  ...JSON_DISCOVERY_CHECKS,
  ...JSON_FEATURE_CHECKS,
  ...WHOLE_RUN_CHECKS,
];
