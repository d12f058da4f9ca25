import { createTaskStore, type TaskStore } from '@dispatchr/store';
import {
  createTestDatabase,
  openTestDatabase,
  type ScriptedTarget,
  type ServiceProcess,
  startScriptedTarget,
  startServiceProcess,
  type TestDatabase,
  testStoreOptions,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** How many ticks of a second are watched; `SCHEDULE_SECONDS=600` is the figure of the project's promise. */
const SECONDS = Number(process.env['SCHEDULE_SECONDS'] ?? 10);

/** Milliseconds between two kills at most. */
const KILL_WITHIN_MS = 2500;

let database: TestDatabase;
let store: TaskStore;
let target: ScriptedTarget;
const schedulers: ServiceProcess[] = [];
beforeAll(async () => {
  [database, target] = await Promise.all([createTestDatabase(), startScriptedTarget()]);
  store = createTaskStore(await openTestDatabase(database.url), testStoreOptions('test'));
});
afterAll(async () => {
  await Promise.all(schedulers.map((scheduler) => scheduler.end('SIGKILL')));
  await Promise.all([store.close(), target.close()]);
  await database.drop();
});

test(
  `${SECONDS} ticks of every second are recorded once each while schedulers are killed`,
  { timeout: 120_000 + 3000 * SECONDS },
  async () => {
    schedulers.push(...(await Promise.all([start(), start()])));
    const { nextTickAt: first } = await putEverySecond();
    if (first === undefined) throw new Error('expected a schedule with a next tick, got one without');
    const last = first.getTime() + (SECONDS - 1) * 1000;
    let isOver = false;
    const killing = killAtRandom(() => isOver);
    try {
      await expect
        .poll(lastTick, { timeout: 60_000 + 2000 * SECONDS, interval: 200 })
        .toBeGreaterThanOrEqual(last);
    } finally {
      isOver = true;
      expect(await killing).toBeGreaterThan(0);
    }

    await store.pauseSchedule('every-second');
    const recorded = (await tickTimes()).filter((tick) => tick <= last);
    expect(recorded).toEqual(Array.from({ length: SECONDS }, (_, index) => first.getTime() + index * 1000));
    await expect.poll(() => target.requests.length).toBeGreaterThan(0);
  },
);

const start = (): Promise<ServiceProcess> =>
  startServiceProcess(['scheduler'], { DATABASE_URL: database.url });

async function lastTick(): Promise<number> {
  return (await store.findSchedule('every-second'))?.lastTickAt?.getTime() ?? 0;
}

function putEverySecond() {
  const url = target.url('/tick');
  const { origin } = new URL(url);
  const task = { target: url, origin, taskName: 'tick', queue: 'default', flowKey: origin, priority: 0 };
  return store.putSchedule('every-second', {
    cron: '* * * * * *',
    timeZone: 'UTC',
    missedTicks: 'all',
    overlap: 'allow',
    source: JSON.stringify({ target: url, taskName: 'tick' }),
    task,
  });
}

/** Kills one of the schedulers after the other at moments that nothing else decides; answers with how many. */
async function killAtRandom(isOver: () => boolean): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
    if (isOver()) return kills;
    const index = kills % schedulers.length;
    await schedulers[index]?.end('SIGKILL');
    schedulers[index] = await start();
  }
}

/** The ticks that have a task, oldest first, each as often as it has one. */
async function tickTimes(): Promise<number[]> {
  const times: number[] = [];
  let before: number | undefined;
  do {
    const page = await store.listTasks({}, { limit: 1000, ...(before !== undefined && { before }) });
    times.push(...page.tasks.map(({ id }) => Date.parse(id.slice('every-second:'.length))));
    before = page.next;
  } while (before !== undefined);
  return times.toSorted((a, b) => a - b);
}
