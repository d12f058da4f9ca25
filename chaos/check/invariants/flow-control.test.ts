import { describe, expect, test } from 'vitest';
import type { FaultEvent, Submit } from '../../events.ts';
import { fault, runWith } from '../testing/run-logs.ts';
import { START, TaskLog } from '../testing/task-log.ts';
import { violatedBy } from '../testing/violated-by.ts';
import { queueCall, saidBy } from '../testing/watched.ts';
import { gatesAddUp } from './gates-add-up.ts';
import { heldTargetsWait } from './held-targets-wait.ts';
import { openCircuitsProbe } from './open-circuits-probe.ts';
import { queuesKeepConcurrency } from './queues-keep-concurrency.ts';
import { queuesKeepRates } from './queues-keep-rates.ts';

let serial = 0;

/** A task of queue q that is claimed so many milliseconds after the start. */
function claimedAt(ms: number, asked: Partial<Submit> = {}): TaskLog {
  serial += 1;
  const log = new TaskLog(`t${serial}`, serial * 1000).submit({ queue: 'q', ...asked });
  log.now = START + ms;
  return log.claim();
}

/** Delivered at once, and answered after so many milliseconds. */
function inFlight(ms: number, forMs: number, asked: Partial<Submit> = {}): TaskLog {
  const log = claimedAt(ms, asked).deliver();
  const [, answered] = log.target;
  log.target[1] = { ...answered!, at: START + ms + forMs };
  log.now = START + ms + forMs;
  return log.settle('completed');
}

function starts(count: number, everyMs: number): TaskLog[] {
  return Array.from({ length: count }, (_, number) => claimedAt(1000 + number * everyMs).deliver());
}

describe('concurrency', () => {
  const limited = (...events: FaultEvent[]) => runWith(queueCall({ maxConcurrency: 1 }), ...events);
  const judged = (tasks: TaskLog[], run = limited()) => saidBy(queuesKeepConcurrency(), tasks, run);

  test('is kept by deliveries one after the other', () => {
    expect(judged([inFlight(1000, 500), inFlight(1600, 500)])).toEqual([]);
  });

  test('is broken by two at once', () => {
    expect(judged([inFlight(1000, 500), inFlight(1400, 500)])).toEqual([
      expect.stringContaining('q had 2 deliveries in flight'),
    ]);
  });

  test('counts each flow key by itself', () => {
    const run = runWith(queueCall({ flowLimits: { maxConcurrency: 1 } }));
    const [a, b] = [{ flowKey: 'a' }, { flowKey: 'b' }];
    expect(judged([inFlight(1000, 500, a), inFlight(1400, 500, b)], run)).toEqual([]);
    expect(judged([inFlight(1000, 500, a), inFlight(1400, 500, a)], run)).toHaveLength(1);
  });

  test('leaves aside a delivery whose lease ran out, and no other', () => {
    const lost = claimedAt(1000).deliver();
    lost.target.pop();
    expect(judged([lost, inFlight(30_900, 50)])).toHaveLength(1);
    expect(judged([lost, inFlight(31_100, 50)])).toEqual([]);
  });

  test('has a second after the answer to come into force', () => {
    const put = queueCall({ maxConcurrency: 1 }, { from: START });
    const run = runWith(put);
    expect(judged([inFlight(500, 300), inFlight(600, 300)], run)).toEqual([]);
    expect(judged([inFlight(1500, 300), inFlight(1600, 300)], run)).toHaveLength(1);
  });

  test('is either of two while a put without an answer may still be done', () => {
    const unanswered = { ...queueCall({ maxConcurrency: 2 }, { from: START }), status: 503 };
    const put = (ms: number) => queueCall({ maxConcurrency: 1 }, { from: START + ms });
    const run = limited(unanswered, put(1000), put(31_000));
    expect(judged([inFlight(31_500, 300), inFlight(31_600, 300)], run)).toEqual([]);
    expect(judged([inFlight(33_000, 300), inFlight(33_100, 300)], run)).toHaveLength(1);
  });
});

describe('rate', () => {
  const run = (...events: FaultEvent[]) =>
    runWith(queueCall({ rateLimit: { perSecond: 10, burst: 5 } }), ...events);
  const judged = (tasks: TaskLog[], context = run()) => saidBy(queuesKeepRates(), tasks, context);

  test('is kept by a burst, and by ten a second', () => {
    expect(judged(starts(5, 0))).toEqual([]);
    expect(judged(starts(50, 100))).toEqual([]);
  });

  test('is broken by one more than the burst, and by eleven a second', () => {
    expect(judged(starts(6, 0))).toHaveLength(1);
    expect(judged(starts(80, 90)).length).toBeGreaterThan(0);
  });

  test('does not count what an operator runs, nor what was held up with its scheduler', () => {
    const ran = new TaskLog('ran', 900_000).submit({ queue: 'q' }).operate('run', { effect: false });
    ran.now = START + 1000;
    expect(judged([...starts(5, 0), ran.claim().deliver()])).toEqual([]);
    const stopped = fault('scheduler-stopped-briefly', { from: START + 1001, until: START + 1001 });
    expect(judged(starts(6, 0), run(stopped))).toEqual([]);
  });

  test('takes what the targets read late from when it can have arrived', () => {
    const lag = { kind: 'lag', from: START + 800, until: START + 1001 } as const;
    expect(judged(starts(6, 0), run(lag))).toEqual([]);
    expect(judged(starts(9, 0), run(lag)).length).toBeGreaterThan(0);
  });
});

describe('pause', () => {
  const paused = runWith(queueCall({ paused: true }, { from: START }));
  const done = (ms: number) => claimedAt(ms).deliver().settle('completed');

  test('is broken by a delivery from a second after its answer', () => {
    expect(violatedBy(done(900), paused)).toEqual([]);
    expect(violatedBy(done(1100), paused)).toEqual(['pause']);
  });

  test('ends when a resume is asked for', () => {
    const resumed = runWith(
      queueCall({ paused: true }),
      queueCall({ paused: false }, { from: START + 1000 }),
    );
    expect(violatedBy(done(500), resumed)).toEqual(['pause']);
    expect(violatedBy(done(1100), resumed)).toEqual([]);
  });

  test('lets pass what an operator runs', () => {
    const ran = new TaskLog('ran').submit({ queue: 'q' }).operate('run').wait(2000);
    expect(violatedBy(ran.claim().deliver().settle('completed'), paused)).toEqual([]);
  });
});

describe('hold-back', () => {
  const asks = (status: number) =>
    claimedAt(1000, { plan: 'busy/a' })
      .deliver({ status, retryAfterMs: 4000 })
      .settle('retryable', {}, { status });
  const to = (ms: number, plan: string) => claimedAt(ms, { plan }).deliver();
  const judged = (tasks: TaskLog[], run = runWith()) => saidBy(heldTargetsWait(), tasks, run);

  test('of a URL by 429 leaves others of its origin alone', () => {
    expect(judged([asks(429), to(3000, 'busy/b')])).toEqual([]);
    expect(judged([asks(429), to(3000, 'busy/a')])).toHaveLength(1);
  });

  test('of an origin by 503 is for all its URLs, from a second after the answer to its end', () => {
    expect(judged([asks(503), to(3000, 'busy/b')])).toHaveLength(1);
    expect(judged([asks(503), to(1900, 'busy/b'), to(5100, 'busy/b'), to(3000, 'other/a')])).toEqual([]);
  });

  test('excuses a scheduler that was cut off', () => {
    const cut = fault('proxy-blackhole', { from: START + 1500, until: START + 2500 });
    expect(judged([asks(503), to(3000, 'busy/b')], runWith(cut))).toEqual([]);
  });
});

describe('circuit', () => {
  const refusedAt = (ms: number) =>
    claimedAt(ms, { plan: 'dying/ok' }).settle('retryable', {}, { errorCode: 'connection-refused' });
  const dead = runWith(
    fault('target-dead', { victim: 'dying-target', from: START, until: START + 60_000, detail: 'dying' }),
  );
  const first = Array.from({ length: 20 }, (_, number) => refusedAt(1000 + number * 10));
  const judged = (tasks: TaskLog[], run = dead) => saidBy(openCircuitsProbe(), tasks, run);

  test('has one attempt a second at most', () => {
    expect(judged([...first, ...[5000, 6000, 8000, 12_000].map(refusedAt)])).toEqual([]);
    expect(judged([...first, ...[5000, 5300, 5600].map(refusedAt)])).toHaveLength(1);
  });

  test('is not open before a scheduler saw enough', () => {
    expect(judged([...first.slice(1), ...[5000, 5300, 5600].map(refusedAt)]).length).toBe(0);
  });
});

describe('gates', () => {
  const gate = { kind: 'gate', at: START, queue: 'q', flowKey: '' } as const;
  const judged = (inFlightNow: number, running: number) =>
    saidBy(gatesAddUp(), [], runWith({ ...gate, inFlight: inFlightNow, running }));

  test('count what runs, and nothing after the drain', () => {
    expect(judged(0, 0)).toEqual([]);
    expect(judged(1, 0)).toEqual(['q counts 1 in flight, 0 are']);
    expect(judged(1, 1)).toHaveLength(1);
  });
});
