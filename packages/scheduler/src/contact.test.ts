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

/** Asks every 5 seconds, so often. */
async function ask(times: number): Promise<void> {
  for (let asked = 0; asked < times; asked += 1) {
    await clock.advance(5000);
    await watched.store.findDueLanes().catch(() => undefined);
  }
}

describe('contact with the database', () => {
  it('is as long as answers came', async () => {
    expect(watched.contact.unbrokenMs()).toBe(0);
    await ask(4);
    await clock.advance(3000);
    expect(watched.contact.unbrokenMs()).toBe(15_000);
  });

  it('begins anew after a call that found the database away', async () => {
    await ask(4);
    fake.away = true;
    await expect(watched.store.findDueLanes()).rejects.toThrow(DatabaseUnavailableError);
    expect(watched.contact.unbrokenMs()).toBe(0);
    fake.away = false;
    await ask(2);
    expect(watched.contact.unbrokenMs()).toBe(5000);
  });

  it('goes on after a statement that the database refused', async () => {
    await ask(2);
    fake.intercept['findDueLanes'] = () => Promise.reject(new Error('a bad row'));
    await ask(2);
    expect(watched.contact.unbrokenMs()).toBe(15_000);
  });

  it('is broken by silence, though nothing failed: a process that stood still missed what happened', async () => {
    await ask(4);
    await clock.advance(10_001);
    expect(watched.contact.unbrokenMs()).toBe(0);
    await ask(2);
    expect(watched.contact.unbrokenMs()).toBe(5000);
  });
});
