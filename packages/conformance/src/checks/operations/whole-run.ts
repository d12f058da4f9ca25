import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { Violation } from '../../run/violation.ts';

const MEMBER_RULES = {
  'STA-012': '871b930e',
  'STA-013': 'f7848d1e',
  'STA-003': 'c41aacaf',
  'STA-014': '92b26f36',
  'STA-022': '96fc61ed',
  'STA-025': 'c2cadf28',
};
const TABLE_RULES = { 'STA-001': '77b7188d', 'STA-011': '4142c07d', 'STA-021': 'c2511e70' };

/** What every task of the whole run showed, and every delivery. */
export const WHOLE_RUN_CHECKS: readonly Check[] = [
  {
    id: 'whole-run-tasks-show-what-their-state-has',
    title: 'Every task that the run saw had the members that its state must have, and no others.',
    covers: MEMBER_RULES,
    profile: 'recorder',
    runs: 'last',
    run: async (t) => judgeHistory(t, MEMBER_RULES, t.ledger.tasks.seen),
  },
  {
    id: 'whole-run-tasks-follow-the-state-table',
    title: 'No task that the run saw twice had changed in a way that the state table does not have.',
    covers: TABLE_RULES,
    profile: 'recorder',
    runs: 'last',
    run: async (t) => judgeHistory(t, TABLE_RULES, t.ledger.tasks.pairs),
  },
  {
    id: 'whole-run-no-delivery-after-a-2xx',
    title: 'No task of the run was delivered again after a 2xx, since there was no fault in between.',
    covers: { 'NOT-012': '49d56327', 'DLV-041': '4de437c5' },
    profile: 'core',
    runs: 'last',
    async run(t) {
      if (t.ledger.deliveries.tasks === 0) t.skip('nothing was delivered to the checks');
      for (const [answered, again] of t.ledger.deliveries.afterA2xx()) {
        if (t.ledger.tasks.isRenewed(answered.taskId)) continue;
        const { json } = await t.api.attempts(answered.taskId);
        const attempts: { attempt: number; errorCode?: string }[] = json?.attempts ?? [];
        const known = attempts.find(({ attempt }) => String(attempt) === answered.attempt);
        // A 2xx that came after the deadline was not received.
        if (known?.errorCode === 'timeout') continue;
        const what = `${answered.taskId} was delivered again (${answered.check}, attempt ${again.attempt} after attempt ${answered.attempt})`;
        t.ok('NOT-012', what, false, known);
      }
    },
  },
];

function judgeHistory(t: CheckContext, rules: object, applied: number): void {
  if (applied === 0) t.skip('the checks that were run saw no task');
  const found = t.ledger.tasks.faults.filter(({ requirement }) => requirement in rules);
  const [first] = found;
  if (first === undefined) return;
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
  throw new Violation(first.requirement, `${first.what}, in ${first.check}${more}`);
}
