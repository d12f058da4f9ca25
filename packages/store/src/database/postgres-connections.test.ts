import { setImmediate } from 'node:timers/promises';
import { DatabaseUnavailableError } from '@dispatchr/store';
import { beforeEach, expect, test } from 'vitest';
import type { PostgresConnection } from './postgres-connection.ts';
import { PostgresConnections } from './postgres-connections.ts';

/** Calls that never reach a server: what bounds them is here, and the server has no say in it. */
const TIMEOUT_MS = 700;
let timers: { ms: number; run: () => void }[];
let connections: PostgresConnections;
beforeEach(() => {
  timers = [];
  connections = new PostgresConnections(
    {
      url: 'postgres://nobody@127.0.0.1:1/nothing',
      timeoutMs: TIMEOUT_MS,
      prepare: true,
      applicationName: 'dispatchr-test',
      timer: (ms, run) => {
        timers.push({ ms, run });
        return () => undefined;
      },
    },
    1,
  );
});

const deadlines = () => timers.filter(({ ms }) => ms === TIMEOUT_MS);
const never = () => new Promise<never>(() => undefined);

test('a call that is never answered fails at its deadline', async () => {
  const call = connections.run(never);
  expect(deadlines()).toHaveLength(1);
  deadlines()[0]?.run();
  await expect(call).rejects.toThrow(
    new DatabaseUnavailableError(`the database did not answer within ${TIMEOUT_MS} ms`),
  );
});

test('a call that waits for a connection has a deadline of its own, counted from when it was asked for', async () => {
  void connections.run(never).catch(() => undefined);
  let isBegun = false;
  const waiting = connections.run(async () => void (isBegun = true));
  expect(deadlines()).toHaveLength(2);
  deadlines()[1]?.run();
  await expect(waiting).rejects.toBeInstanceOf(DatabaseUnavailableError);
  expect(isBegun).toBe(false);
});

test('a connection whose call overran its deadline is not used again: the cancel may hit the next call', async () => {
  let finish: () => void = () => undefined;
  const used: PostgresConnection[] = [];
  const overran = connections.run((connection) => {
    used.push(connection);
    return new Promise<void>((resolve) => (finish = resolve));
  });
  deadlines()[0]?.run();
  await expect(overran).rejects.toBeInstanceOf(DatabaseUnavailableError);
  finish();
  await connections.run(async (connection) => void used.push(connection));
  expect(used[1]).not.toBe(used[0]);
});

test('the end waits for what is under way and refuses what waits', async () => {
  let finish: (answer: string) => void = () => undefined;
  const underWay = connections.run(() => new Promise<string>((resolve) => (finish = resolve)));
  const waiting = connections.run(never);
  let isClosed = false;
  const closed = connections.close().then(() => (isClosed = true));
  await expect(waiting).rejects.toThrow('the database is closed');
  await setImmediate();
  expect(isClosed).toBe(false);
  finish('settled');
  expect(await underWay).toBe('settled');
  await closed;
});
