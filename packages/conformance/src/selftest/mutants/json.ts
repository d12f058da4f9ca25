import { JSON_BODY_MUTANTS } from './json-body.ts';
import { JSON_MEMBER_MUTANTS } from './json-members.ts';
import { JSON_PROBLEM_MUTANTS } from './json-problems.ts';
import { JSON_TEXT_MUTANTS } from './json-text.ts';
import { JSON_VERBATIM_MUTANTS } from './json-verbatim.ts';
import { WHOLE_RUN_MUTANTS } from './json-whole-run.ts';

/** Faults in reading and writing JSON, in problems, access, discovery and features. */
export const JSON_MUTANTS = [
  ...JSON_BODY_MUTANTS,
  ...JSON_TEXT_MUTANTS,
  ...JSON_VERBATIM_MUTANTS,
  ...JSON_MEMBER_MUTANTS,
  ...JSON_PROBLEM_MUTANTS,
  ...WHOLE_RUN_MUTANTS,
] as const;
