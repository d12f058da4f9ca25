import type { DueLanes, DueQueue } from '@dispatchr/store';
import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, expect, it } from 'vitest';
import { dueTasks } from './testing/fake-store.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

let clock: FakeClock;
let rig: SchedulerRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
});

const dueQueue = (queue: string, members: Partial<DueQueue> = {}): DueQueue => ({
  queue,
  priorities: [0],
  version: '',
  settings: { paused: false },
  count: undefined,
  hasLimitedFlowKeys: false,
  ...members,
});
const lookFinds = (...queues: DueQueue[]): void => {
  const look: DueLanes = { queues, lanes: [], hasRunRequests: false, asOf: new Date(0) };
  rig.store.findDueLanes = () => Promise.resolve(look);
};

it('claims nothing of a queue that is paused', async () => {
  rig.store.due = [...dueTasks(1, { queue: 'paused' }), ...dueTasks(1, { queue: 'open', lease: 2 })];
  lookFinds(dueQueue('paused', { settings: { paused: true } }), dueQueue('open'));
  await rig.start();
  expect(rig.deliverer.sent).toHaveLength(1);
  expect(rig.store.due).toMatchObject([{ queue: 'paused' }]);
});

it('asks for no second claim of a look once it is told to stop', async () => {
  rig.store.due = dueTasks(1, { queue: 'limited' });
  lookFinds(dueQueue('plain'), dueQueue('limited', { hasLimitedFlowKeys: true }));
  const scheduler = rig.create();
  rig.store.intercept['claimDueTasks'] = () => {
    void scheduler.stop();
    return Promise.resolve([]);
  };
  await scheduler.start();
  await clock.advance(0);
  expect(rig.store.calls).toContain('claimDueTasks');
  expect(rig.store.calls).not.toContain('claimFlowKeys');
});
