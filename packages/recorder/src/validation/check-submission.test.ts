import { LIMITS } from '@dispatchr/contract';
import type { Limits } from '@dispatchr/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSubmission } from './check-submission.ts';
import { checkTarget } from './check-target.ts';

const NOW = Date.parse('2026-11-22T14:50:00Z');
const TASK = { target: 'https://app.example.com/tasks', taskName: 'send-receipt' };

function pointersOf(submission: object, limits: Partial<Limits> = {}): (string | undefined)[] {
  const rules = { limits: { ...LIMITS, ...limits } as Limits, now: () => NOW };
  return checkSubmission(submission, [], rules).map(({ pointer }) => pointer);
}

describe('a submission', () => {
  test.each<[string, object]>([
    ['with a name', {}],
    ['with arguments', { taskArgs: null }],
    ['with a name beside a request', { request: {} }],
    ['due in the past', { dueAt: '2000-01-01T00:00:00Z' }],
    ['due at the first instant there is', { dueAt: '1970-01-01T00:00:00Z' }],
    ['due in almost ten years', { dueAt: '2036-11-22T14:00:00Z' }],
    ['that has expired already', { expiresAt: '2000-01-01T00:00:00Z' }],
    [
      'that expires a millisecond after it is due',
      { dueAt: '2027-01-01T00:00:00Z', expiresAt: '2027-01-01T00:00:00.001Z' },
    ],
    ['with a delay and an expiry before it', { delayMs: 10_000, expiresAt: '2026-11-22T14:50:01Z' }],
    ['with one backoff', { retry: { minBackoffMs: 5, maxBackoffMs: 5 } }],
    ['with a code and its class in different lists', { retry: { retryOn: ['404'], failOn: ['4xx'] } }],
    ['with headers of its own', { headers: { 'User-Agent': 'x', Authorization: 'y', 'X-Name': 'é\t' } }],
    ['with padded base64', { request: { body: 'aGk=', bodyEncoding: 'base64' } }],
    ['with an empty base64 body', { request: { body: '', bodyEncoding: 'base64' } }],
    ['with text that looks like broken base64', { request: { body: 'a', bodyEncoding: 'utf8' } }],
  ])('%s is accepted', (_name, members) => {
    const { taskName: _taskName, ...unnamed } = TASK;
    expect(
      pointersOf(
        'request' in members && !('taskName' in members)
          ? { ...unnamed, ...members }
          : { ...TASK, ...members },
      ),
    ).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ['with arguments beside a request', { request: {}, taskArgs: 1 }, ['/taskArgs']],
    ['with two due times', { dueAt: '2027-01-01T00:00:00Z', delayMs: 0 }, ['/delayMs']],
    ['due in more than ten years', { dueAt: '2036-11-25T00:00:00Z' }, ['/dueAt']],
    [
      'that expires when it is due',
      { dueAt: '2027-01-01T00:00:00Z', expiresAt: '2027-01-01T01:00:00+01:00' },
      ['/expiresAt'],
    ],
    ['with swapped backoffs', { retry: { minBackoffMs: 2, maxBackoffMs: 1 } }, ['/retry/maxBackoffMs']],
    ['with a backoff below the default one', { retry: { maxBackoffMs: 1999 } }, ['/retry/maxBackoffMs']],
    [
      'with a backoff above the default bound',
      { retry: { minBackoffMs: 3_600_001 } },
      ['/retry/minBackoffMs'],
    ],
    [
      'with a status in both lists',
      { retry: { retryOn: ['404', '5xx'], failOn: ['5xx'] } },
      ['/retry/failOn'],
    ],
    ['with unpadded base64', { request: { body: 'aGk', bodyEncoding: 'base64' } }, ['/request/body']],
    [
      'with base64 of the URL alphabet',
      { request: { body: '_-8=', bodyEncoding: 'base64' } },
      ['/request/body'],
    ],
    ['with stray bits in base64', { request: { body: 'aGl=', bodyEncoding: 'base64' } }, ['/request/body']],
    ['with a header twice', { headers: { 'X-A': '1', 'x-a': '2' } }, ['/headers/x-a']],
    ['with a header twice, in capitals', { headers: { 'x-a': '1', 'X-A': '2' } }, ['/headers/X-A']],
    ['with a header of no name', { headers: { '': '1' } }, ['/headers/']],
    ['with a header in Greek', { headers: { 'X-A': 'α' } }, ['/headers/X-A']],
    ['with a NUL in a header', { headers: { 'X-A': '\0' } }, ['/headers/X-A']],
    [
      'with Connection and what it names',
      { headers: { Connection: 'X-A', 'keep-alive': '1' } },
      ['/headers/Connection', '/headers/keep-alive'],
    ],
    [
      'with several faults',
      { dueAt: '2099-01-01T00:00:00Z', headers: { te: 'x' }, retry: { maxBackoffMs: 1 } },
      ['/headers/te', '/dueAt', '/retry/maxBackoffMs'],
    ],
  ])('%s is refused', (_name, members, pointers) => {
    const { taskName: _taskName, ...unnamed } = TASK;
    expect(pointersOf('request' in members ? { ...unnamed, ...members } : { ...TASK, ...members })).toEqual(
      pointers,
    );
  });

  test('is measured against the limits that are declared', () => {
    const limits = {
      maxIdLength: 128,
      maxTimeoutMs: 30_000,
      minTimeoutMs: 10,
      minBackoffMs: 5,
      maxBackoffMs: 3_600_000,
      maxAttempts: 100,
    };
    const within = {
      id: 'a'.repeat(128),
      timeoutMs: 10,
      retry: { minBackoffMs: 5, maxBackoffMs: 3_600_000, maxAttempts: 100 },
    };
    const beyond = {
      id: 'a'.repeat(129),
      timeoutMs: 9,
      retry: { minBackoffMs: 4, maxBackoffMs: 3_600_001, maxAttempts: 101 },
    };
    expect(pointersOf({ ...TASK, ...within }, limits)).toEqual([]);
    expect(pointersOf({ ...TASK, ...beyond }, limits)).toEqual([
      '/id',
      '/timeoutMs',
      '/retry/maxAttempts',
      '/retry/minBackoffMs',
      '/retry/maxBackoffMs',
    ]);
    const headers = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`x-${i}`, 'v'.repeat(64)]));
    expect(pointersOf({ ...TASK, headers }, { maxHeaders: 16 })).toEqual(['/headers']);
    expect(pointersOf({ ...TASK, headers }, { maxHeaderBytes: 1024 })).toEqual(['/headers']);
    expect(pointersOf({ ...TASK, headers }, { maxHeaders: 17, maxHeaderBytes: 17 * 68 })).toEqual([]);
  });

  test('is not looked at again where its schema has found a fault', () => {
    const rules = { limits: LIMITS as Limits, now: () => NOW };
    const wrong = {
      target: 5,
      taskName: 6,
      retry: { minBackoffMs: 'x' },
      headers: 'none',
      dueAt: '2099-01-01T00:00:00Z',
    };
    const known = ['/target', '/taskName', '/retry/minBackoffMs', '/headers'].map((pointer) => ({
      pointer,
      detail: '',
    }));
    expect(checkSubmission(wrong, known, rules).map(({ pointer }) => pointer)).toEqual(['/dueAt']);
  });
});

describe('a target', () => {
  test.each([
    'http://example.com',
    'HTTPS://EXAMPLE.com:8443/a/b?c=d@e',
    'http://[::1]:3000/',
    'http://127.1/',
    'http://bücher.example/',
    'http://example.com/%zz?q=[]|',
  ])('%s is accepted', (target) => {
    expect(checkTarget(target)).toBeUndefined();
  });

  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://example.com/',
    'http:example.com',
    'https:/example.com',
    'http://',
    'http://user@example.com/',
    'http://@example.com/',
    'http://:@example.com/',
    'http://example.com\\@evil.example/',
    'http://example.com/#',
    'http://exa mple.com/',
    ' http://example.com/',
    'http://example.com/\u00a0',
    'http://example.com/\r\nX: y',
    'http://example.com:99999/',
    'http://256.256.256.256/',
    `http://${'a'.repeat(254)}/`,
  ])('%j is refused', (target) => {
    expect(checkTarget(target) ?? 'accepted').toMatch(/^expected/);
  });

  test('that is accepted always parses to http or https with a host', () => {
    const schemes = fc.constantFrom('http://', 'https://', 'http:', '//', 'data:', '');
    fc.assert(
      fc.property(schemes, fc.string({ unit: 'binary' }), (scheme, rest) => {
        if (checkTarget(scheme + rest) !== undefined) return;
        const url = new URL(scheme + rest);
        expect(url.protocol).toMatch(/^https?:$/);
        expect([url.username, url.password, url.hash, url.host === '']).toEqual(['', '', '', false]);
      }),
      { numRuns: 2000 },
    );
  });
});
