import type { RunRequest } from '@dispatchr/store';
import { expect, it } from 'vitest';
import { claimOfRuns, hasRoomToRun } from './run-requests.ts';

const request = (members: Partial<RunRequest> = {}): RunRequest => ({
  seq: 1,
  queue: 'q',
  flowKey: 'a',
  priorities: [0],
  version: '3',
  settings: { paused: true },
  count: undefined,
  hasLimitedFlowKeys: true,
  ownLimits: {},
  flowCount: undefined,
  ...members,
});

it('claims tasks of one flow key together', () => {
  const { shares } = claimOfRuns([request(), request({ seq: 2 }), request({ seq: 3, flowKey: 'b' })]);
  const common = { queue: 'q', queueQuota: 3, priorities: [0], version: '3' };
  expect(shares).toEqual([
    { ...common, flowKey: 'a', quota: 2 },
    { ...common, flowKey: 'b', quota: 1 },
  ]);
});

it('passes no rate, but every concurrency, the flow key’s own before its queue’s', () => {
  const settings = {
    paused: true,
    maxConcurrency: 5,
    rateLimit: { perSecond: 1 },
    flowLimits: { maxConcurrency: 2, rateLimit: { perSecond: 1 } },
  };
  const count = { inFlight: 0, tatInMs: 1e6 };
  const { gates, missing } = claimOfRuns([request({ settings, count, ownLimits: { maxConcurrency: 1 } })]);
  expect(gates).toEqual([
    { queue: 'q', flowKey: '', maxConcurrency: 5 },
    { queue: 'q', flowKey: 'a', maxConcurrency: 1 },
  ]);
  expect(missing.map(({ flowKey }) => flowKey)).toEqual(['a']);
});

it('is worth a claim while concurrency leaves room, whatever a rate has left', () => {
  const settings = { paused: true, maxConcurrency: 2, rateLimit: { perSecond: 1 } };
  const counted = (inFlight: number) => ({ inFlight, tatInMs: 1e6 });
  expect(hasRoomToRun(request({ settings, count: counted(1) }))).toBe(true);
  expect(hasRoomToRun(request({ settings, count: counted(2) }))).toBe(false);
  expect(hasRoomToRun(request({ ownLimits: { maxConcurrency: 1 }, flowCount: counted(1) }))).toBe(false);
});
