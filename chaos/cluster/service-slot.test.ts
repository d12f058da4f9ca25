import { createTestDatabase, type TestDatabase } from '@dispatchr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessLife } from '../events.ts';
import { freePort } from './free-port.ts';
import type { DatabaseProxy } from './proxy.ts';
import { createSlot, type ServiceSlot } from './service-slot.ts';

describe.skipIf(process.platform === 'win32')('createSlot', () => {
  let database: TestDatabase;
  let slot: ServiceSlot;
  let lives: ProcessLife[];
  let guarded: Set<number>;
  let onLife: (life: ProcessLife) => void;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => slot.end('SIGKILL'));
  afterAll(() => database.drop());

  it('starts a process that ended by itself again, under the same name', async () => {
    createOne(database.url);
    await slot.start();
    const killed = slot.pid;
    const isBack = nextLife(({ pid, until }) => pid !== killed && until === undefined);
    process.kill(killed ?? 0, 'SIGKILL');
    await isBack;
    expect(lives.map(({ name, pid, until }) => [name, pid === killed, until !== undefined])).toEqual([
      ['scheduler-1', true, false],
      ['scheduler-1', true, true],
      ['scheduler-1', false, false],
    ]);
    expect(new Set(lives.map(({ scheduler }) => scheduler)).size).toBe(2);
  });

  it('starts one process for those who ask at the same time', async () => {
    createOne(database.url);
    await Promise.all([slot.start(), slot.start()]);
    expect(lives).toHaveLength(1);
    expect([...guarded]).toEqual([slot.pid]);
  });

  it('ends a process that is not ready yet, and leaves none behind', async () => {
    // Nobody listens there, and the process waits for somebody who does.
    createOne(`postgres://postgres@127.0.0.1:${await freePort()}/postgres`);
    const started = slot.start();
    expect(guarded.size).toBe(1);
    await slot.end('SIGTERM');
    await started;
    expect([slot.pid, guarded.size, lives]).toEqual([undefined, 0, []]);
  });

  function createOne(url: string): void {
    [lives, guarded] = [[], new Set()];
    onLife = () => undefined;
    slot = createSlot({
      name: 'scheduler-1',
      role: 'scheduler',
      proxy: {} as DatabaseProxy,
      environment: { DATABASE_URL: url, DISPATCHR_DATABASE_WAIT_MS: '600000' },
      guard: {
        add: (pid) => void guarded.add(pid),
        remove: (pid) => void guarded.delete(pid),
        release: () => undefined,
      },
      onLife(life) {
        lives.push(life);
        onLife(life);
      },
    });
  }

  function nextLife(isIt: (life: ProcessLife) => boolean): Promise<void> {
    return new Promise((resolve) => {
      onLife = (life) => isIt(life) && resolve();
    });
  }
});
