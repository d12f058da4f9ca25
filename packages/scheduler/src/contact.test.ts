import { DatabaseUnavailableError } from '@dispatchr/store';
import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { watchContact } from './contact.ts';
import { createFakeStore, type FakeStore } from './testing/fake-store.ts';

let clock: FakeClock;
let fake: FakeStore;
let watched: ReturnType<typeof watchContact>;
beforeEach(() => {
  clock = createFakeClock();
  fake = createFakeStore();
  watched = watchContact(fake, clock);
});

/** Writes every 5 seconds, so often. */
async function write(times: number): Promise<void> {
  for (let written = 0; written < times; written += 1) {
    await clock.advance(5000);
    await watched.store.expireTasks({ limit: 1 }).catch(() => undefined);
  }
}

describe('contact with the database', () => {
  it('is as long as answers came', async () => {
    expect(watched.contact.unbrokenMs()).toBe(0);
    await write(4);
    await clock.advance(3000);
    expect(watched.contact.unbrokenMs()).toBe(15_000);
  });

  it('goes on while calls fail now and then', async () => {
    await write(2);
    fake.away = true;
    await expect(watched.store.expireTasks({ limit: 1 })).rejects.toThrow(DatabaseUnavailableError);
    fake.away = false;
    await write(2);
    expect(watched.contact.unbrokenMs()).toBe(15_000);
  });

  it('begins anew after an outage', async () => {
    await write(4);
    fake.away = true;
    await write(3);
    expect(watched.contact.unbrokenMs()).toBe(0);
    fake.away = false;
    await write(2);
    expect(watched.contact.unbrokenMs()).toBe(5000);
  });

  it('is not made of reads: a database that only reads renews no lease', async () => {
    await write(4);
    for (let read = 0; read < 3; read += 1) {
      await clock.advance(5000);
      await watched.store.findDueLanes();
    }
    expect(watched.contact.unbrokenMs()).toBe(0);
  });

  it('goes on after a statement that the database refused', async () => {
    await write(2);
    fake.intercept['expireTasks'] = () => Promise.reject(new Error('a bad row'));
    await write(2);
    expect(watched.contact.unbrokenMs()).toBe(15_000);
  });

  it('is broken by silence, though nothing failed: a process that stood still missed what happened', async () => {
    await write(4);
    await clock.advance(12_001);
    expect(watched.contact.unbrokenMs()).toBe(0);
    await write(2);
    expect(watched.contact.unbrokenMs()).toBe(5000);
  });
});
