import type { DueLanes, DueQueue, Lane } from '@dispatchr/store';
import { createFakeClock } from '@dispatchr/testkit';
import { beforeEach, expect, it, vi } from 'vitest';
import { Looks } from './looks.ts';

const LANES: readonly Lane[] = [{ queue: 'default', priority: 0, since: new Date(0) }];
const DUE: DueQueue = {
  queue: 'default',
  priorities: [0],
  version: '',
  settings: { paused: false },
  count: undefined,
  hasLimitedFlowKeys: false,
};

let clock: ReturnType<typeof createFakeClock>;
let wholeTakesMs: number;
let queues: readonly DueQueue[];
let lanes: readonly Lane[];
let asked: (readonly Lane[] | undefined)[];
const onDue = vi.fn();

async function findDueLanes(known?: readonly Lane[]): Promise<DueLanes> {
  asked.push(known);
  if (known === undefined) await new Promise<void>((resolve) => void clock.timer(wholeTakesMs, resolve));
  return { queues, lanes, hasRunRequests: false };
}

async function lookTimes(looks: Looks, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const look = looks.next();
    await clock.advance(wholeTakesMs);
    await look;
  }
}

beforeEach(() => {
  clock = createFakeClock();
  wholeTakesMs = 20;
  queues = [DUE];
  lanes = LANES;
  asked = [];
  onDue.mockClear();
});

it('looks everywhere as long as that is cheap, and takes single dear looks for accidents', async () => {
  const looks = new Looks({ store: { findDueLanes }, clock, onDue });
  await lookTimes(looks, 7);
  wholeTakesMs = 5;
  await lookTimes(looks, 1);
  wholeTakesMs = 20;
  await lookTimes(looks, 7);
  expect(asked).toEqual(Array.from({ length: 15 }, () => undefined));
});

it('looks at the lanes it knows once whole looks are dear, and everywhere beside that once a second', async () => {
  const looks = new Looks({ store: { findDueLanes }, clock, onDue });
  await lookTimes(looks, 8);
  asked = [];
  await looks.next();
  expect(asked).toEqual([LANES]);
  await clock.advance(1000);
  await looks.next();
  await looks.next();
  expect(asked).toEqual([LANES, LANES, undefined, LANES]);
  expect(onDue).not.toHaveBeenCalled();
  await clock.advance(wholeTakesMs);
  expect(onDue).toHaveBeenCalledOnce();
});

it('looks everywhere sooner where nothing is due in the lanes it knows, for a tenth of the time at most', async () => {
  const looks = new Looks({ store: { findDueLanes }, clock, onDue });
  await lookTimes(looks, 8);
  asked = [];
  queues = [];
  await looks.next();
  await clock.advance(9 * wholeTakesMs);
  await looks.next();
  expect(asked).toEqual([LANES, LANES, undefined]);
});

it('looks everywhere within two seconds, however long that took the last time', async () => {
  const looks = new Looks({ store: { findDueLanes }, clock, onDue });
  wholeTakesMs = 5000;
  await lookTimes(looks, 8);
  asked = [];
  await clock.advance(1999);
  await looks.next();
  await clock.advance(1);
  await looks.next();
  expect(asked).toEqual([LANES, LANES, undefined]);
});

it('still knows a lane that was empty when it last looked everywhere', async () => {
  const looks = new Looks({ store: { findDueLanes }, clock, onDue });
  await lookTimes(looks, 7);
  lanes = [];
  await lookTimes(looks, 1);
  lanes = [{ queue: 'other', priority: 1, since: new Date(1) }];
  asked = [];
  await looks.next();
  await clock.advance(1000);
  await looks.next();
  await clock.advance(wholeTakesMs);
  await looks.next();
  expect(asked).toEqual([LANES, LANES, undefined, [...lanes, ...LANES]]);
});

it('looks everywhere again once that is cheap, or failed', async () => {
  const looks = new Looks({ store: { findDueLanes }, clock, onDue });
  await lookTimes(looks, 8);
  wholeTakesMs = 5;
  await clock.advance(1000);
  await looks.next();
  await clock.advance(wholeTakesMs);
  asked = [];
  await lookTimes(looks, 1);
  expect(asked).toEqual([undefined]);
});
