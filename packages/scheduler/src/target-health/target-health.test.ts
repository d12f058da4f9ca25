import type { Answer, Outcome } from '@dispatchr/lifecycle';
import type { HeldTarget } from '@dispatchr/store';
import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimedTask } from '../testing/claimed-task.ts';
import { collectLog } from '../testing/collected-log.ts';
import { createFakeStore, type FakeStore } from '../testing/fake-store.ts';
import { TargetHealth } from './target-health.ts';

const ORIGIN = 'http://127.0.0.1:9';
const TARGET = `${ORIGIN}/hook`;
const task = (members = {}) => claimedTask({ target: TARGET, ...members });
let clock: FakeClock;
let store: FakeStore;
let health: TargetHealth;
let rings: string[];
let stop: AbortController;
let running: Promise<void>;
beforeEach(async () => {
  clock = createFakeClock();
  store = createFakeStore();
  rings = [];
  stop = new AbortController();
  health = new TargetHealth({
    store,
    clock,
    random: () => 0,
    logger: collectLog(),
    schedulerId: 'me',
    onHeld: () => rings.push('held'),
    onLetGo: () => rings.push('let go'),
  });
  running = health.run(stop.signal);
  await clock.advance(0);
});
afterEach(async () => {
  stop.abort();
  await running;
});

const RETRYABLE: Outcome = { kind: 'retryable' };
function end(answer: Answer, members = {}, outcome = RETRYABLE, startedMs = clock.monotonicMs()) {
  health.noteEnd(task(members), { answer, outcome, startedMs, error: 'why' });
}
const status = (code: number): Answer => ({ kind: 'response', status: code });
const fail = (times: number) => {
  for (let index = 0; index < times; index += 1) end({ kind: 'error', code: 'connection-refused' });
};
const busy = (code: number, notBeforeMs: number) => end(status(code), {}, { kind: 'retryable', notBeforeMs });
const writes = (name: string) =>
  store.targetWrites.filter(([written]) => written === name).map(([, given]) => given);
async function find(members: Partial<HeldTarget>): Promise<void> {
  const target: HeldTarget = {
    key: ORIGIN,
    origin: ORIGIN,
    state: 'circuit-open',
    since: new Date(0),
    until: new Date(0),
    failures: 20,
    probes: 0,
    sinceMs: 0,
    untilInMs: 0,
    ...members,
  };
  store.held = { targets: [target], hasParked: true };
  await clock.advance(500);
}
const NOTHING = { origins: [], urls: [], probed: [], returning: [] };

it('costs one small query while nothing is held, and a sign of life every five seconds', async () => {
  store.calls = [];
  await clock.advance(5000);
  expect(store.calls.filter((call) => call !== 'findHeldTargets')).toEqual(['noteScheduler']);
  expect(store.calls).toHaveLength(11);
  expect(health.heldNow()).toEqual(NOTHING);
});

it('opens the circuit after 20 failures in a row, once, and holds its tasks at once', async () => {
  fail(19);
  expect(health.admits(task())).toBe(true);
  fail(5);
  expect(health.admits(task())).toBe(false);
  expect(rings).toEqual(['held']);
  await clock.advance(0);
  expect(writes('openCircuit')).toEqual([{ origin: ORIGIN, failures: 20, lastError: 'why', pauseMs: 1000 }]);
});

it.each([500, 200, 429])('begins to count again after an answer %d', async (code) => {
  fail(19);
  end(status(code));
  fail(19);
  await clock.advance(0);
  expect(writes('openCircuit')).toEqual([]);
});

it('does not count what says nothing of the target', async () => {
  fail(19);
  end({ kind: 'error', code: 'released' });
  await clock.advance(0);
  expect(writes('openCircuit')).toEqual([]);
  fail(1);
  await clock.advance(0);
  expect(writes('openCircuit')).toHaveLength(1);
});

it('holds back a URL after 429, and the origin after 503, until it is over', async () => {
  busy(429, 3000);
  expect(health.heldNow().urls).toEqual([{ origin: ORIGIN, url: TARGET }]);
  expect(health.admits(task({ target: `${ORIGIN}/other` }))).toBe(true);
  busy(503, 2000);
  expect(health.heldNow().origins).toEqual([ORIGIN]);
  expect(health.mayWait(task({ target: `${ORIGIN}/other` }))).toBe(false);
  expect(health.mayWait(task({ isRun: true }))).toBe(true);
  await clock.advance(0);
  expect(writes('holdTarget')).toEqual([
    { key: TARGET, origin: ORIGIN, holdMs: 3000 },
    { key: ORIGIN, origin: ORIGIN, holdMs: 2000 },
  ]);
});

it('keeps what the database could not be told, and tells it later', async () => {
  store.away = true;
  busy(503, 5000);
  await clock.advance(2000);
  expect(health.admits(task())).toBe(false);
  store.away = false;
  await clock.advance(500);
  expect(writes('holdTarget')).toEqual([{ key: ORIGIN, origin: ORIGIN, holdMs: 2500 }]);
});

it('takes a probe that is due, sends one task with it, and holds the others', async () => {
  await find({});
  expect(health.heldNow()).toEqual({ ...NOTHING, probed: [ORIGIN] });
  expect(rings).toContain('let go');
  expect(health.admits(task({ lease: 7 }))).toBe(true);
  expect(health.admits(task({ lease: 8 }))).toBe(false);
  expect(health.heldNow().origins).toEqual([ORIGIN]);
});

it.each<[Answer, object]>([
  [status(503), { result: 'failed', pauseMs: 2000, lastError: 'why' }],
  [status(500), { result: 'answered', pauseMs: 1000 }],
  [
    { kind: 'error', code: 'released' },
    { result: 'unused', pauseMs: 1000 },
  ],
])('a probe that ends with %o', async (answer, ended) => {
  await find({});
  health.admits(task());
  end(answer);
  await clock.advance(0);
  expect(writes('endProbe')).toEqual([{ origin: ORIGIN, probe: 7, ...ended }]);
});

it('a probe that is asked to wait waits', async () => {
  await find({});
  health.admits(task());
  busy(503, 60_000);
  await clock.advance(0);
  expect(writes('endProbe')).toMatchObject([{ result: 'failed', pauseMs: 60_000 }]);
});

it('gives a probe back that finds no task, and keeps one that is in flight for long', async () => {
  await find({ untilInMs: 0 });
  store.held = {
    ...store.held,
    targets: store.held.targets.map((target) => ({ ...target, untilInMs: 30_000 })),
  };
  await clock.advance(2500);
  expect(writes('endProbe')).toEqual([{ origin: ORIGIN, probe: 7, result: 'unused', pauseMs: 1000 }]);
  await find({});
  health.admits(task());
  await clock.advance(10_500);
  expect(writes('keepProbe')).toHaveLength(1);
});

it('limits an origin that returns, and opens its circuit again after five failures of that time', async () => {
  await find({ state: 'returning', sinceMs: 2000 });
  expect(health.heldNow().returning).toEqual([{ origin: ORIGIN, most: 4 }]);
  for (let index = 0; index < 5; index += 1) end(status(504), {}, RETRYABLE, clock.monotonicMs() - 3000);
  expect(health.admits(task())).toBe(true);
  for (let index = 0; index < 5; index += 1) end(status(504));
  expect(health.admits(task())).toBe(false);
});

it('moves held tasks out of the way, and back when their target is held no longer', async () => {
  await find({ untilInMs: 5000 });
  expect(writes('parkTasks')).toEqual([{ limit: 1000 }]);
  store.held = { targets: [], hasParked: true };
  store.intercept = { unparkTasks: async () => 3 };
  rings = [];
  await clock.advance(500);
  expect(rings).toEqual(['let go']);
});

it('an origin that an operator closes is delivered to after the next look', async () => {
  await find({ untilInMs: 5000 });
  expect(health.admits(task())).toBe(false);
  store.held = { targets: [], hasParked: false };
  await clock.advance(500);
  expect(health.admits(task())).toBe(true);
});

it('tells what it finds out after its end, and that it is alive no longer', async () => {
  stop.abort();
  await running;
  expect(writes('forgetScheduler')).toEqual(['me']);
  expect(clock.pendingTimers()).toBe(0);
  fail(20);
  await clock.advance(0);
  expect(writes('openCircuit')).toHaveLength(1);
});
