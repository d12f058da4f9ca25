import type { TargetRecord } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());
beforeEach(() => change('TRUNCATE dispatchr.held_targets, dispatchr.unfinished_tasks'));

const change = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);
const SINCE = '2026-01-01T00:00:00.000Z';
const UNTIL = '2100-01-01T00:00:00.000Z';
const hold = (key: string, state: string, { until = UNTIL, failures = 0, lastError = '' } = {}) =>
  change(`INSERT INTO dispatchr.held_targets (key, origin, state, since, until, failures, last_error)
    VALUES ('${key}', '${new URL(key).origin}', '${state}', '${SINCE}', '${until}', ${failures}, nullif('${lastError}', ''))`);
/** So many running tasks for a target. */
async function running(target: string, count: number) {
  const { queue } = newTask({ queue: crypto.randomUUID() });
  for (let index = 0; index < count; index += 1) await fixture.store.submitTask(newTask({ queue, target }));
  await change(`UPDATE dispatchr.unfinished_tasks SET state = 'running' WHERE queue = '${queue}'`);
}
const HEALTHY = { state: 'healthy', failures: 0, running: 0, heldUrls: [] } as const;
const listed = async (origin?: string): Promise<readonly TargetRecord[]> =>
  (await fixture.store.listTargets({ limit: 10, ...(origin !== undefined && { origin }) })).items;

test('targets are those that are held, have a URL held or a running task, by name', async () => {
  await hold('http://d.example', 'circuit-open', { failures: 20, lastError: 'timeout' });
  await hold('http://c.example', 'returning', { failures: 3 });
  await hold('http://b.example/y', 'held-back');
  await hold('http://b.example/x', 'held-back');
  await running('http://b.example/x', 2);
  await running('http://a.example/x', 1);
  await fixture.store.submitTask(newTask({ target: 'http://waits.example' }));
  const [since, until] = [new Date(SINCE), new Date(UNTIL)];
  const heldUrls = ['http://b.example/x', 'http://b.example/y'].map((target) => ({ target, until }));
  expect(await listed()).toEqual([
    { origin: 'http://a.example', ...HEALTHY, running: 1 },
    { origin: 'http://b.example', ...HEALTHY, running: 2, heldUrls },
    { origin: 'http://c.example', ...HEALTHY, state: 'returning', since, failures: 3 },
    {
      origin: 'http://d.example',
      ...HEALTHY,
      state: 'circuit-open',
      since,
      until,
      failures: 20,
      lastError: 'timeout',
    },
  ]);
});

test('a hold-back that is over counts as none, though nobody forgot it yet', async () => {
  const until = '2026-01-01T00:00:01.000Z';
  await hold('http://a.example', 'held-back', { until });
  await hold('http://b.example/x', 'held-back', { until });
  expect(await listed()).toEqual([]);
  await hold('http://c.example', 'circuit-open', { until });
  expect(await listed()).toMatchObject([{ origin: 'http://c.example', state: 'circuit-open' }]);
});

test('targets go from page to page, or are one alone', async () => {
  for (const name of ['c', 'a', 'b']) await hold(`http://${name}.example`, 'held-back');
  const first = await fixture.store.listTargets({ limit: 2 });
  const second = await fixture.store.listTargets({
    limit: 2,
    ...(first.next !== undefined && { after: first.next }),
  });
  const originsOf = ({ items }: { items: readonly TargetRecord[] }) => items.map(({ origin }) => origin);
  expect([originsOf(first), originsOf(second), second.next]).toEqual([
    ['http://a.example', 'http://b.example'],
    ['http://c.example'],
    undefined,
  ]);
  expect(await listed('http://b.example')).toMatchObject([
    { origin: 'http://b.example', state: 'held-back' },
  ]);
  expect(await listed('http://unknown.example')).toEqual([]);
});

test('a close makes an origin healthy, lets go of its URLs and leaves the others', async () => {
  await hold('http://a.example', 'circuit-open');
  await hold('http://a.example/x', 'held-back');
  await hold('http://b.example', 'circuit-open');
  await running('http://a.example/x', 1);
  const closed = { origin: 'http://a.example', ...HEALTHY, running: 1 };
  expect(await fixture.store.closeCircuit('http://a.example')).toEqual(closed);
  expect(await listed()).toMatchObject([closed, { origin: 'http://b.example', state: 'circuit-open' }]);
});

test('a close of an origin that nothing is known of tells that it is healthy', async () => {
  expect(await fixture.store.closeCircuit('http://new.example')).toEqual({
    origin: 'http://new.example',
    ...HEALTHY,
  });
});

test('closes of one origin at the same time do not wait for each other in a circle', async () => {
  for (let index = 0; index < 50; index += 1) await hold(`http://a.example/${index}`, 'held-back');
  await Promise.all(Array.from({ length: 8 }, () => fixture.store.closeCircuit('http://a.example')));
  expect(await listed()).toEqual([]);
});
