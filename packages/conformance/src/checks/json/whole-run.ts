import type { Check } from '../../check.ts';
import type { LedgerRule } from '../../run/ledger.ts';
import { Violation } from '../../run/violation.ts';

interface RuleCheck extends Pick<Check, 'id' | 'title' | 'covers' | 'profile'> {
  readonly rule: LedgerRule;
}

const RULES: readonly RuleCheck[] = [
  {
    rule: 'response-status',
    id: 'every-status-is-documented',
    title: 'Every response of the run has a status that the OpenAPI document lists for the operation.',
    covers: { 'JSN-040': '389bbbd4' },
    profile: 'recorder',
  },
  {
    rule: 'response-media-type',
    id: 'every-media-type-is-documented',
    title: 'Every response of the run has the media type that the OpenAPI document gives for its status.',
    covers: { 'JSN-040': '389bbbd4' },
    profile: 'recorder',
  },
  {
    rule: 'response-headers',
    id: 'every-response-has-its-headers',
    title:
      'Every response of the run has the headers that the OpenAPI document requires, with values of their schemas.',
    covers: { 'JSN-040': '389bbbd4' },
    profile: 'recorder',
  },
  {
    rule: 'response-body',
    id: 'every-body-matches-its-schema',
    title: 'Every response of the run has a body that matches its schema in the OpenAPI document.',
    covers: { 'JSN-040': '389bbbd4' },
    profile: 'recorder',
  },
  {
    rule: 'problem',
    id: 'every-error-is-a-problem',
    title:
      'Every response of the run of 400 or above with a body is a problem of RFC 9457, with its media type.',
    covers: { 'PRB-001': '75cceff0' },
    profile: 'recorder',
  },
  {
    rule: 'problem-type',
    id: 'every-problem-is-of-the-catalogue',
    title: 'Every problem of the run has a type of the catalogue.',
    covers: { 'PRB-002': '70bb5cc3' },
    profile: 'recorder',
  },
  {
    rule: 'problem-status',
    id: 'every-problem-has-its-status',
    title: 'Every problem of the run has the status of its response, which is the one of the catalogue.',
    covers: { 'PRB-003': '555988b5' },
    profile: 'recorder',
  },
  {
    rule: 'problem-errors',
    id: 'every-invalid-request-has-errors',
    title: 'Every `invalid-request` of the run has errors, each with either a pointer or a parameter.',
    covers: { 'PRB-004': '361f1657', 'PRB-005': '5d8c5d5c' },
    profile: 'recorder',
  },
  {
    rule: 'problem-members',
    id: 'every-problem-has-its-members',
    title: 'Every problem of the run that must carry a state, a limit or a feature carries it.',
    covers: { 'PRB-009': 'baeaca5b', 'PRB-010': '1c436baa', 'PRB-011': '8d461e5b' },
    profile: 'recorder',
  },
  {
    rule: 'problem-secrets',
    id: 'no-problem-shows-what-is-inside',
    title: 'No problem of the run shows a stack trace, the name of an exception or a statement of SQL.',
    covers: { 'PRB-015': 'aab800b1' },
    profile: 'recorder',
  },
  {
    rule: 'instants',
    id: 'every-instant-is-in-utc-with-milliseconds',
    title: 'Every instant of the run is written in UTC with three digits of milliseconds and `Z`.',
    covers: { 'JSN-030': 'd373cf0a' },
    profile: 'recorder',
  },
  {
    rule: 'no-null',
    id: 'no-member-is-null',
    title: 'No member of any response of the run is null, `taskArgs` excepted.',
    covers: { 'JSN-031': '9ea64bed' },
    profile: 'recorder',
  },
  {
    rule: 'delivery-headers',
    id: 'every-delivery-has-its-headers',
    title:
      'Every delivery of the run has the headers that the callback contract requires, with values of their schemas.',
    covers: { 'DLV-049': '9f5de7f7' },
    profile: 'core',
  },
  {
    rule: 'delivery-framing',
    id: 'every-delivery-is-framed',
    title:
      'Every delivery of the run is HTTP/1.1 with one Host, with Content-Length if it has a body, and without Expect.',
    covers: { 'DLV-016': 'b4e125bf', 'DLV-021': '4ab826df' },
    profile: 'core',
  },
];

/** What holds of everything that the run saw; they come last, and judge what the other checks caused. */
export const WHOLE_RUN_CHECKS: readonly Check[] = RULES.map(({ rule, ...rest }) => ({
  ...rest,
  runs: 'last',
  run: async (t) => {
    const applied = t.ledger.applied.get(rule) ?? 0;
    if (applied === 0) t.skip('nothing came that the rule applies to');
    t.note(`applied ${applied} times`);
    const found = t.ledger.entries.filter((entry) => entry.rule === rule);
    const [first] = found;
    if (first === undefined) return;
    for (const { check, what, curl } of found.slice(0, 20))
      t.note(`${check}: ${what}${curl === undefined ? '' : `; ${curl}`}`);
    const more =
      found.length === 1
        ? ''
        : ` (and ${found.length - 1} more faults, the rule being applied ${applied} times)`;
    throw new Violation(t.mainRequirement, `during ${first.check}${more}`, undefined, first.what);
  },
}));
