import { describe, expect, it } from 'vitest';
import { requireTargetAndName, submissionOfFlags } from './submission-of-flags.ts';

describe('submissionOfFlags', () => {
  it('gives the members that flags give, and no others', () => {
    expect(submissionOfFlags({ target: 'http://a', name: 'hello' })).toEqual({
      target: 'http://a',
      taskName: 'hello',
    });
  });

  it('gives every member its name of the API', () => {
    expect(
      submissionOfFlags({
        args: null,
        id: 'order-1842',
        queue: 'low',
        flowKey: 'tenant-17',
        priority: 0,
        delay: 5000,
        expiresAt: '2030-01-01T00:00:00.000Z',
        timeout: 30_000,
        maxAttempts: 3,
        header: ['X-Tenant: 17', 'X-Empty:'],
      }),
    ).toEqual({
      taskArgs: null,
      id: 'order-1842',
      queue: 'low',
      flowKey: 'tenant-17',
      priority: 0,
      delayMs: 5000,
      expiresAt: '2030-01-01T00:00:00.000Z',
      timeoutMs: 30_000,
      retry: { maxAttempts: 3 },
      headers: { 'X-Tenant': '17', 'X-Empty': '' },
    });
  });

  it.each(['no colon', ': value', 'a b: c'])('refuses the header "%s"', (header) => {
    expect(() => submissionOfFlags({ header: [header] })).toThrow("--header: expected 'Name: value'");
  });
});

describe('requireTargetAndName', () => {
  it.each([
    [{ taskName: 'x' }, '--target is missing'],
    [{ target: 'http://a' }, '--name is missing'],
  ])('refuses %o', (task, message) => {
    expect(() => requireTargetAndName(task)).toThrow(message);
  });
});
