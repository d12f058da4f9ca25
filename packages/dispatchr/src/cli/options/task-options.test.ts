import { describe, expect, it } from 'vitest';
import { taskOfFlags } from './task-options.ts';

describe('taskOfFlags', () => {
  it('gives the members that flags give, and no others', () => {
    expect(taskOfFlags({ target: 'http://a', name: 'hello' })).toEqual({
      target: 'http://a',
      taskName: 'hello',
    });
    expect(taskOfFlags({})).toEqual({});
  });

  it('gives every member its name of the API', () => {
    expect(
      taskOfFlags({
        args: null,
        queue: 'low',
        flowKey: 'tenant-17',
        priority: 0,
        timeout: 30_000,
        maxAttempts: 3,
        header: ['X-Tenant: 17', 'X-Empty:'],
      }),
    ).toEqual({
      taskArgs: null,
      queue: 'low',
      flowKey: 'tenant-17',
      priority: 0,
      timeoutMs: 30_000,
      retry: { maxAttempts: 3 },
      headers: { 'X-Tenant': '17', 'X-Empty': '' },
    });
  });

  it.each(['no colon', ': value', 'a b: c'])('refuses the header "%s"', (header) => {
    expect(() => taskOfFlags({ header: [header] })).toThrow("--header: expected 'Name: value'");
  });
});
