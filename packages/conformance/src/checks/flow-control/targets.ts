import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { untilProbesOnly } from '../health/failing-origin.ts';
import { KNOWN_AFTER_MS } from './queue-requests.ts';

const HELD_S = 4;
const FAILING_TASKS = 60;

/** Hold-backs and circuits of targets. Each check has an origin of its own to break. */
export const TARGET_CHECKS: readonly Check[] = [
  heldBack({
    status: 429,
    covers: { 'HLD-010': 'b8c4d0b0', 'HLD-012': '4b8dbbdd', 'HLD-024': '496d10b4' },
    id: 'a-url-that-asks-for-a-pause-is-left-alone',
  }),
  heldBack({
    status: 503,
    covers: { 'HLD-011': 'bc58c82f', 'HLD-012': '4b8dbbdd', 'HLD-024': '496d10b4' },
    id: 'an-origin-that-asks-for-a-pause-is-left-alone',
  }),
  {
    id: 'a-failing-origin-opens-its-circuit',
    title: 'An origin that fails too often in a row gets probes only, and all that waited once it answers.',
    covers: {
      'HLD-020': '88c1c45f',
      'HLD-001': '20f1a606',
      'HLD-002': '1905a98d',
      'HLD-022': 'c1b444af',
      'HLD-023': '8de24ffa',
      'HLD-024': '496d10b4',
      'HLD-025': '72d9eff8',
    },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      if (t.origins.isShared) t.skip('every check shares one origin');
      let status = 503;
      const { target, ids } = await failing(t, () => status);
      await untilState(t, target.url, 'circuit-open');
      await untilProbesOnly(t, target.url);
      await sleep(KNOWN_AFTER_MS);
      const before = target.deliveries.length;
      await sleep(3000);
      const probes = target.deliveries.length - before;
      t.ok('HLD-022', 'at most one probe a second', probes <= 4, probes);
      status = 200;
      for (const id of ids) await t.untilState(id, 'completed');
    },
  },
  {
    id: 'a-close-lets-tasks-go',
    title: 'A close of a circuit is answered with the healthy origin, and its tasks are delivered again.',
    covers: { 'HLD-003': 'f3244df1' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      if (t.origins.isShared) t.skip('every check shares one origin');
      let status = 503;
      const { target } = await failing(t, () => status);
      const { origin } = new URL(target.url);
      await untilState(t, target.url, 'circuit-open');
      status = 200;
      const response = await t.api.request('POST', '/v1/targets/close', { body: { origin } });
      t.status('HLD-003', response, 200);
      t.matches('HLD-003', 'the answer', response.json, { origin, state: 'healthy', heldUrls: [] });
    },
  },
  {
    id: 'errors-of-an-application-open-no-circuit',
    title: 'Answers of 500, however many in a row, leave the circuit closed.',
    covers: { 'HLD-021': '32f1a7d8' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      if (t.origins.isShared) t.skip('every check shares one origin');
      const { target } = await failing(t, () => 500);
      await t.delivery(target, FAILING_TASKS + 20);
      t.ok('HLD-021', 'the circuit is not open', (await stateOf(t, target.url)) !== 'circuit-open');
    },
  },
];

function heldBack({ status, covers, id }: Pick<Check, 'covers' | 'id'> & { status: number }): Check {
  return {
    id,
    title: `No other task is sent after ${status} with \`Retry-After\` until that is over, and none is spent.`,
    covers,
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      if (t.origins.isShared) t.skip('every check shares one origin');
      const target = await t.target({ status, headers: { 'Retry-After': String(HELD_S) } }, 200);
      await t.submit(t.taskFor(target, { retry: t.retry() }));
      const { arrivedAtMs } = await t.delivery(target);
      await sleep(KNOWN_AFTER_MS);
      const waits = await t.submit(t.taskFor(target));
      await sleep(KNOWN_AFTER_MS);
      t.matches('HLD-024', 'what waits', (await t.api.get(waits.id)).json, { state: 'pending', attempt: 0 });
      const next = await t.delivery(target, 2);
      t.pause(
        t.mainRequirement,
        'until the next delivery',
        next.arrivedAtMs - arrivedAtMs,
        HELD_S * 1000,
        3 * HELD_S * 1000,
      );
      await t.untilState(waits.id, 'completed');
    },
  };
}

/** Tasks enough to open a circuit, for a target that answers what it is told. */
async function failing(t: CheckContext, status: () => number) {
  const target = await t.target(() => status());
  const retry = t.retry({ maxAttempts: Math.min(1000, t.discovery.limits.maxAttempts) });
  const length = Math.min(FAILING_TASKS, t.discovery.limits.maxBatchTasks);
  const response = await t.api.submitBatch(Array.from({ length }, () => t.taskFor(target, { retry })));
  t.status(t.mainRequirement, response, 201);
  return { target, ids: response.json.tasks.map(({ task }: Json): string => task.id) as string[] };
}

async function stateOf(t: CheckContext, url: string): Promise<string> {
  const origin = encodeURIComponent(new URL(url).origin);
  const response = await t.api.request('GET', `/v1/targets?origin=${origin}`);
  t.status(t.mainRequirement, response, 200);
  return response.json.targets[0]?.state ?? 'healthy';
}

async function untilState(t: CheckContext, url: string, state: string): Promise<void> {
  const deadline = performance.now() + t.timing.patienceMs;
  while ((await stateOf(t, url)) !== state) {
    t.ok(t.mainRequirement, `the origin becomes ${state}`, performance.now() < deadline, 'not in time');
    await sleep(50);
  }
}
