import { describe, expect, it } from 'vitest';
import { resolveOptions } from './client-options.ts';
import type { ClientOptions } from './client-options.ts';

describe('options of createClient', () => {
  it('have defaults', () => {
    expect(resolveOptions({})).toMatchObject({
      url: 'http://127.0.0.1:9090',
      timeoutMs: 30_000,
      retry: { maxTries: 5, maxDurationMs: 30_000, minBackoffMs: 500, maxBackoffMs: 10_000 },
    });
  });

  it('take a path, and drop the slash at its end', () => {
    expect(resolveOptions({ url: 'https://a.test/dispatchr/' }).url).toBe('https://a.test/dispatchr');
  });

  it.each([
    [{ URL: 'http://a' }, /expected the options url, .* got URL/],
    [{ retry: { maxAttempts: 3 } }, /expected the options maxTries, .* got maxAttempts/],
    [{ retry: { maxTries: 0 } }, /expected retry\.maxTries to be a number of 1 or more, got 0/],
    [{ timeoutMs: Number.NaN }, /expected timeoutMs .* got NaN/],
    [{ url: 'localhost:9090' }, /expected url to be like "http:\/\/127\.0\.0\.1:9090", got "localhost:9090"/],
    [{ url: 'http://a/?b' }, /expected url/],
    [{ token: 'a b' }, /expected token/],
  ])('are refused by name: %j', (options, message) => {
    expect(() => resolveOptions(options as ClientOptions)).toThrow(message);
  });

  it('never show a password', () => {
    const attempt = () => resolveOptions({ url: 'http://a:hunter2@b/' });
    expect(attempt).toThrow(/userinfo/);
    expect(attempt).not.toThrow(/hunter2/);
  });
});
