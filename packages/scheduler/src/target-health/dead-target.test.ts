import { parseTargetPolicy } from '@dispatchr/lifecycle';
import {
  newTask,
  openTestStore,
  startScriptedTarget,
  type ScriptedTarget,
  type TestStore,
} from '@dispatchr/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createScheduler, type Scheduler } from '../scheduler.ts';
import { collectLog } from '../testing/collected-log.ts';
import { realClock } from '../testing/real-clock.ts';

const TASKS = 90;
const CONCURRENCY = 5;
let fixture: TestStore;
let target: ScriptedTarget;
let schedulers: Scheduler[];
beforeEach(async () => {
  fixture = await openTestStore();
  target = await startScriptedTarget();
  schedulers = ['scheduler-1', 'scheduler-2'].map((schedulerId) => createOne(schedulerId));
});
afterEach(async () => {
  await Promise.all(schedulers.map((scheduler) => scheduler.stop({ graceMs: 0 })));
  await target.close();
  await fixture.close();
});

function createOne(schedulerId: string): Scheduler {
  return createScheduler({
    store: fixture.store,
    clock: realClock,
    random: () => 0,
    logger: collectLog(),
    schedulerId,
    version: '1.0.0',
    targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: true }),
    concurrency: CONCURRENCY,
  });
}
const startAll = () => Promise.all(schedulers.map((scheduler) => scheduler.start()));

async function submit(count: number, path: string, delayMs = 0): Promise<void> {
  const url = target.url(path);
  const task = () => newTask({ target: url, origin: new URL(url).origin, delayMs });
  await fixture.store.submitBatch(Array.from({ length: count }, task));
}
const rows = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);

test('a dead target is only probed, and its tasks spend no attempt and all come when it returns', async () => {
  target.answer('/', { status: 502 });
  await submit(TASKS, '/');
  await startAll();
  await target.received('/', 20);
  await expect
    .poll(() => rows('SELECT state FROM dispatchr.held_targets'), { timeout: 5000 })
    .toEqual([{ state: 'circuit-open' }]);
  await expect
    .poll(() => rows('SELECT probes FROM dispatchr.held_targets'), { timeout: 9000 })
    .toEqual([{ probes: 2 }]);
  // Failures that open the circuit, as each scheduler counts them, what was in flight beside, and two probes.
  const unsettled = async () => {
    const [spent] = await rows('SELECT sum(attempts_used)::int4 AS used FROM dispatchr.unfinished_tasks');
    return target.requests.length - Number(spent?.['used']);
  };
  // A probe is noted before it is sent, and settled after it was answered.
  await expect.poll(unsettled).toBe(0);
  expect(target.requests.length).toBeLessThanOrEqual(2 * (20 + CONCURRENCY) + 2);
  const [before = 0, last = 0] = target.requests.slice(-2).map(({ receivedAt }) => receivedAt);
  expect(last - before).toBeGreaterThan(1000);

  target.answer('/', { status: 200 });
  const unfinished = async () => (await rows('SELECT seq FROM dispatchr.unfinished_tasks')).length;
  await expect.poll(unfinished, { timeout: 25_000, interval: 200 }).toBe(0);
}, 60_000);

test('a URL that asks for time gets it, and others of its origin are delivered meanwhile', async () => {
  target.answer('/busy', { status: 429, headers: { 'retry-after': '3' } }, { status: 200 });
  await submit(1, '/busy');
  await startAll();
  const first = await target.received('/busy');
  await expect.poll(() => rows('SELECT key FROM dispatchr.held_targets'), { timeout: 2000 }).toHaveLength(1);
  // Spec: HLD-012. The other scheduler may need that second.
  await submit(2, '/busy', 1000);
  await submit(1, '/other', 1000);
  expect((await target.received('/other')).receivedAt - first.receivedAt).toBeLessThan(3000);
  expect((await target.received('/busy', 2)).receivedAt - first.receivedAt).toBeGreaterThanOrEqual(3000);
}, 30_000);
