import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import type { Dispatcher } from 'undici';
import { beforeEach, describe, expect, it } from 'vitest';
import { Exchange, MAX_BODY_BYTES, MAX_BODY_MS, MAX_INTERIM_BYTES, type Delivered } from './exchange.ts';
import { MAX_RECORDED_BODY_BYTES } from './recorded-text.ts';

const DEADLINE_MS = 30_000;
let clock: FakeClock;
let delivered: Delivered[];
let ended: boolean[];
let unsent: Error[];
let aborted: Error[];
let exchange: Exchange;
beforeEach(() => {
  clock = createFakeClock();
  [delivered, ended, unsent, aborted] = [[], [], [], []];
  exchange = new Exchange(clock, clock.monotonicMs() + DEADLINE_MS, {
    delivered: (result) => delivered.push(result),
    ended: (reusable) => ended.push(reusable),
    unsent: (error) => unsent.push(error),
  });
});

const controller = {
  abort: (error: Error) => void aborted.push(error),
} as unknown as Dispatcher.DispatchController;
const answer = (status: number) => exchange.onResponseStart(controller, status, {});
const receive = (bytes: number) => exchange.onResponseData(controller, Buffer.alloc(bytes, 'x'));
const breakOff = () => {
  const error = Object.assign(new Error('other side closed'), { code: 'ECONNRESET' });
  exchange.onResponseError(controller, error);
};

describe('a 2xx', () => {
  it('has completed by its status, and its body that breaks off changes nothing', () => {
    exchange.onRequestStart(controller);
    answer(200);
    expect(delivered).toEqual([{ answer: { kind: 'response', status: 200 }, status: 200 }]);
    receive(10);
    breakOff();
    expect(delivered).toHaveLength(1);
    expect(ended).toEqual([false]);
  });
});

describe('the body of an answer', () => {
  beforeEach(() => {
    exchange.onRequestStart(controller);
    answer(500);
  });

  it('is not read on past 16 KiB, of which 4 KiB are kept', () => {
    for (let bytes = 0; bytes < MAX_BODY_BYTES; bytes += 1024) receive(1024);
    expect(ended).toEqual([]);
    receive(1);
    expect(ended).toEqual([false]);
    expect(delivered.map(({ responseBody }) => responseBody)).toEqual(['x'.repeat(MAX_RECORDED_BODY_BYTES)]);
  });

  it('is not kept beyond 4 KiB although one piece of it is larger', () => {
    receive(MAX_BODY_BYTES);
    expect(delivered[0]?.responseBody).toHaveLength(MAX_RECORDED_BODY_BYTES);
  });

  it('that is chunk sizes above all is not read on past 16 KiB either', () => {
    receive(1);
    exchange.onBytesRead(MAX_BODY_BYTES);
    expect(ended).toEqual([]);
    exchange.onBytesRead(MAX_BODY_BYTES + 1);
    expect(delivered).toMatchObject([{ status: 500, responseBody: 'x' }]);
    expect(ended).toEqual([false]);
  });

  it('is not waited for longer than a second', async () => {
    receive(3);
    await clock.advance(MAX_BODY_MS - 1);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect(delivered).toMatchObject([{ status: 500, responseBody: 'xxx' }]);
    expect(ended).toEqual([false]);
  });

  it('that breaks off leaves the status that came before it', () => {
    receive(3);
    breakOff();
    expect(delivered).toMatchObject([{ status: 500, responseBody: 'xxx' }]);
  });
});

it('interim answers are not read on past 256 KiB, whatever the connection has read before', () => {
  exchange.onRequestStart(controller);
  exchange.onBytesRead(1_000_000);
  exchange.onBytesRead(1_000_000 + MAX_INTERIM_BYTES);
  expect(delivered).toEqual([]);
  exchange.onBytesRead(1_000_000 + MAX_INTERIM_BYTES + 1);
  expect(delivered).toMatchObject([{ errorCode: 'response-too-large' }]);
  expect(ended).toEqual([false]);
});

it('the body of an answer that came just before the deadline is waited for until the deadline', async () => {
  exchange.onRequestStart(controller);
  await clock.advance(DEADLINE_MS - 10);
  answer(500);
  await clock.advance(10);
  expect(ended).toEqual([false]);
});

describe('a request', () => {
  it('is written once: a second try within the attempt is refused', () => {
    exchange.onRequestStart(controller);
    expect(aborted).toEqual([]);
    exchange.onRequestStart(controller);
    expect(aborted).toHaveLength(1);
  });

  it('that was written and lost is the end of the attempt, and not sent again', () => {
    exchange.onRequestStart(controller);
    breakOff();
    expect(unsent).toEqual([]);
    expect(delivered).toMatchObject([{ errorCode: 'connection-reset' }]);
    expect(ended).toEqual([false]);
  });

  it('that was never written may go out on another connection', () => {
    breakOff();
    expect(unsent).toHaveLength(1);
    expect(delivered).toEqual([]);
  });
});
