import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import type { Target } from '../../receiver/target.ts';
import { crash, stateAfterCrash } from './crash.ts';
import { longRetry } from './observed-pause.ts';

const TASKS = 30;

// An implementation may show members beyond these, which may change at any time.
const MEMBERS_OF_A_TRY = ['state', 'dueAt', 'attempt', 'attemptsUsed', 'startedAt', 'finishedAt'];
const MEMBERS_OF_AN_ATTEMPT = [
  'attempt',
  'scheduler',
  'startedAt',
  'endedAt',
  'durationMs',
  'outcome',
  'status',
];
const CONTENT = [
  'id',
  'target',
  'taskName',
  'queue',
  'flowKey',
  'priority',
  'timeoutMs',
  'retry',
  'createdAt',
];
const MEMBERS_OF_A_SUBMIT = [...CONTENT, 'state', 'dueAt', 'attempt', 'attemptsUsed'];

function partOf(whole: Json, members: readonly string[]): object {
  return Object.fromEntries(members.map((name) => [name, whole?.[name]]));
}

/** Submits 30 tasks at once and kills the implementation when half of them are acknowledged; answers which were. */
async function submitUntilKilled(
  t: CheckContext,
  target: Target,
): Promise<{ ids: string[]; acknowledged: string[] }> {
  const ids = Array.from({ length: TASKS }, () => t.newId());
  const acknowledged: string[] = [];
  let killed: Promise<void> | undefined;
  const submit = async (id: string): Promise<void> => {
    const response = await t.api.submit(t.taskFor(target, { id, retry: t.retry() }));
    t.status('DUR-001', response, 201);
    acknowledged.push(id);
    if (acknowledged.length >= TASKS / 2) killed ??= t.control.kill();
  };
  // What is not answered because of the kill says nothing (DUR-006).
  await Promise.allSettled(ids.map(submit));
  await (killed ??= t.control.kill());
  t.note(`${acknowledged.length} of ${TASKS} tasks were acknowledged before the kill`);
  return { ids, acknowledged };
}

/** What a kill leaves as it was. */
export const DURABILITY_CHECKS: readonly Check[] = [
  {
    id: 'acknowledged-tasks-survive-a-kill',
    title:
      'Each task that was acknowledged is there after a kill in the middle of submits and deliveries, and is delivered.',
    covers: { 'DUR-001': '23bd22ab', 'REC-001': '4a0ea0b2', 'DUR-003': '7727385d', 'DUR-004': 'cac72d7a' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const target = await t.target({ status: 200, afterMs: 30 });
      const { ids, acknowledged } = await submitUntilKilled(t, target);
      await t.control.start();
      t.ok('REC-001', 'some of 30 tasks are acknowledged', acknowledged.length > 0);
      for (const id of acknowledged) t.status('DUR-001', await t.api.get(id), 200);
      await Promise.all(acknowledged.map((id) => stateAfterCrash(t, id, 'completed')));
      const delivered = new Set(
        target.deliveries.map((delivery) => delivery.header('Dispatchr-Task-Id') ?? ''),
      );
      for (const id of acknowledged) t.ok('DUR-003', `${id} was delivered`, delivered.has(id));
      const strangers = [...delivered].filter((id) => !ids.includes(id));
      t.equal('DUR-004', 'ids that were delivered and never submitted', strangers, []);
    },
  },
  {
    id: 'task-is-whole-after-a-kill',
    title: 'A task is shown after a kill right after its 201 as it was shown before.',
    covers: { 'REC-001': '4a0ea0b2', 'DUR-001': '23bd22ab' },
    profile: 'recorder',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const summary = await t.submit(
        t.parked({
          id: t.newId(),
          taskArgs: { name: 'café', list: [1, 2.5, null] },
          headers: { 'x-kept': 'yes' },
          retry: t.retry(),
        }),
      );
      await crash(t);
      const response = await t.api.get(summary.id);
      t.status('REC-001', response, 200);
      const { taskArgs, headers } = response.json;
      const kept = partOf(response.json, MEMBERS_OF_A_SUBMIT);
      t.equal('REC-001', 'the task after the kill', kept, partOf(summary, MEMBERS_OF_A_SUBMIT));
      t.equal('REC-001', 'its arguments', taskArgs, { name: 'café', list: [1, 2.5, null] });
      t.equal('REC-001', 'its headers', headers, { 'x-kept': 'yes' });
    },
  },
  {
    id: 'operations-survive-a-kill',
    title: 'A cancel, a run, a retry and a delete that were answered hold after a kill.',
    covers: { 'DUR-005': '4b724f72' },
    profile: 'core',
    needs: ['control'],
    // Where this fails, the wait for what was in flight would be in vain.
    after: ['task-in-flight-at-a-kill-is-delivered-again'],
    runs: 'alone',
    async run(t) {
      // In flight at the kill, or not begun yet: both hold afterwards.
      const slow = { status: 200, afterMs: 300 };
      const retryTarget = await t.target(422, slow);
      const toCancel = await t.submit(t.parked());
      const toRun = await t.submit(t.taskFor(await t.target(slow), { delayMs: 86_400_000 }));
      const toRetry = await t.submit(t.taskFor(retryTarget));
      const toDelete = await t.submit(t.taskFor(await t.target(200)));
      await t.untilState(toRetry.id, 'failed');
      await t.untilState(toDelete.id, 'completed');
      const answers = await Promise.all([
        t.api.operate(toCancel.id, 'cancel'),
        t.api.operate(toRun.id, 'run'),
        t.api.operate(toRetry.id, 'retry'),
        t.api.delete(toDelete.id),
      ]);
      for (const answer of answers) t.status('DUR-005', answer, 200, 204);
      await crash(t);
      const cancelled = await t.api.get(toCancel.id);
      t.equal('DUR-005', 'the state of the task that was cancelled', cancelled.json?.state, 'cancelled');
      t.status('DUR-005', await t.api.get(toDelete.id), 404);
      await stateAfterCrash(t, toRun.id, 'completed');
      await stateAfterCrash(t, toRetry.id, 'completed');
    },
  },
  {
    id: 'completed-task-survives-a-kill',
    title:
      'A task that was shown as completed is shown so after a kill, with its attempts, and is not delivered again.',
    covers: { 'DUR-007': '464bde3e', 'DUR-001': '23bd22ab' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const target = await t.target(500, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      const before = await t.untilState(id, 'completed');
      const attempts = (await t.attempts(id)).map((each) => partOf(each, MEMBERS_OF_AN_ATTEMPT));
      await crash(t);
      const { json } = await t.api.get(id);
      const kept = partOf(json, MEMBERS_OF_A_TRY);
      t.equal('DUR-007', 'the task after the kill', kept, partOf(before, MEMBERS_OF_A_TRY));
      const after = (await t.attempts(id)).map((each) => partOf(each, MEMBERS_OF_AN_ATTEMPT));
      t.equal('DUR-007', 'its attempts after the kill', after, attempts);
      // Whatever the restart sets off is older than the delivery of a task that is submitted now.
      const probe = await t.target(200);
      await t.submit(t.taskFor(probe));
      await t.delivery(probe);
      t.equal('DUR-007', 'deliveries that arrived', target.deliveries.length, 2);
    },
  },
  {
    id: 'pause-survives-a-kill',
    title: 'A task that waits for its next try keeps its instant and its budget over a kill.',
    covers: { 'DUR-001': '23bd22ab' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const { id } = await t.submit(
        t.taskFor(await t.target(500), {
          retry: longRetry(t, { minBackoffMs: 3_600_000, maxBackoffMs: 3_600_000 }),
        }),
      );
      const before = await t.until(
        id,
        'waiting for its second try',
        ({ state, attempt }) => state === 'pending' && attempt === 1,
      );
      await crash(t);
      const { json } = await t.api.get(id);
      const kept = partOf(json, MEMBERS_OF_A_TRY);
      t.equal('DUR-001', 'the task after the kill', kept, partOf(before, MEMBERS_OF_A_TRY));
    },
  },
];
