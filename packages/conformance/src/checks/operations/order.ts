import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { instantMs } from './task-in-state.ts';

// More than most schedulers deliver at a time: those that cannot be claimed at once show the order.
const TASKS = 150;
const ANSWER_AFTER_MS = 150;
// Two schedulers that claim at the same time do not see what the other is claiming.
const CLAIM_APART_MS = 50;

/** In which order due tasks of one queue and flow key are claimed, as far as one can see it: by `startedAt`. */
export const ORDER_CHECKS: readonly Check[] = [
  {
    id: 'higher-priority-is-claimed-first',
    title:
      'Of due tasks of one queue and flow key, those with a higher `priority` are claimed before others.',
    covers: { 'TIM-010': '1b6d6ab7' },
    profile: 'core',
    features: ['batch', 'priority'],
    runs: 'alone',
    async run(t) {
      const dueAt = '2026-01-02T03:04:05.000Z';
      const tasks = await claimed(t, (at) => ({ dueAt, priority: at % 3 === 0 ? -5 : at % 3 }));
      inOrder(
        t,
        tasks.toSorted((a, b) => b.priority - a.priority),
        ({ priority }) => `priority ${priority}`,
      );
    },
  },
  {
    id: 'earlier-due-at-is-claimed-first',
    title:
      'Of due tasks of one queue, flow key and priority, those with an earlier `dueAt` are claimed before others.',
    covers: { 'TIM-010': '1b6d6ab7', 'TIM-012': '571dafad' },
    profile: 'core',
    features: ['batch'],
    runs: 'alone',
    async run(t) {
      const tasks = await claimed(t, (at) => ({
        dueAt: `2026-01-${String(28 - (at % 28)).padStart(2, '0')}T00:00:00.000Z`,
      }));
      inOrder(
        t,
        tasks.toSorted((a, b) => instantMs(a.dueAt) - instantMs(b.dueAt)),
        ({ dueAt }) => `dueAt ${dueAt}`,
      );
    },
  },
];

/** Tasks that become visible in one commit, all of them due, when all of them are completed. */
async function claimed(t: CheckContext, membersOf: (at: number) => object): Promise<Json[]> {
  const target = await t.target({ status: 200, afterMs: ANSWER_AFTER_MS });
  const length = Math.min(TASKS, t.discovery.limits.maxBatchTasks);
  const shared = { flowKey: t.queue };
  const tasks = Array.from({ length }, (_, at) => t.taskFor(target, { ...shared, ...membersOf(at) }));
  const response = await t.api.submitBatch(tasks);
  t.status('TIM-010', response, 201);
  await t.delivery(target, length, 3 * t.timing.patienceMs);
  const ended: Json[] = await Promise.all(
    response.json.tasks.map(async ({ task }: Json) => t.untilState(task.id, 'completed')),
  );
  // One that was released is claimed a second time, after all others.
  return ended.filter(({ attempt }) => attempt === 1);
}

/** No task was claimed noticeably before one that goes before it. */
function inOrder(t: CheckContext, tasks: readonly Json[], shown: (task: Json) => string): void {
  let latestMs = 0;
  let before = '';
  let [same] = tasks;
  for (const task of tasks) {
    if (shown(task) !== shown(same)) {
      before = shown(same);
      latestMs = Math.max(latestMs, ...tasks.slice(0, tasks.indexOf(task)).map(startedAtMs));
      same = task;
    }
    const earlyMs = latestMs - startedAtMs(task);
    t.ok(
      'TIM-010',
      `${shown(task)} is claimed after ${before}`,
      earlyMs <= CLAIM_APART_MS,
      `${earlyMs} ms before`,
    );
  }
}

const startedAtMs = (task: Json): number => instantMs(task.startedAt);
