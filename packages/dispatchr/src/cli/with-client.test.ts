import { DispatchrError, DispatchrUnreachableError } from '@dispatchr/client';
import { describe, expect, it } from 'vitest';
import { failureOf } from './with-client.ts';

function problem(status: number, name: string, detail?: string): DispatchrError {
  const type = `urn:dispatchr:problem:${name}`;
  return new DispatchrError('GET /v1/tasks', { type, status, title: 'No', ...(detail && { detail }) });
}

describe('failureOf', () => {
  it.each([
    [problem(404, 'task-not-found'), 1, 'GET /v1/tasks was answered 404 task-not-found: No'],
    [problem(503, 'database-unavailable'), 3, 'GET /v1/tasks was answered 503 database-unavailable: No'],
    [
      problem(401, 'unauthorized'),
      1,
      'the service refused the token (401): expected --token or DISPATCHR_TOKEN',
    ],
    [problem(400, 'invalid-request', 'got "\u001b[2J"'), 1, String.raw`got "\u001b[2J"`],
    [
      new DispatchrUnreachableError('http://a', 'GET /v1/tasks', 3, new Error('ECONNREFUSED')),
      3,
      'got none in 3 tries: ECONNREFUSED; is the recorder running there? (--url or DISPATCHR_URL says where)',
    ],
  ])('says what there is to do about %s', (error, exitCode, message) => {
    const failure = failureOf(error);
    expect(failure?.exitCode).toBe(exitCode);
    expect(failure?.message).toContain(message);
  });

  it('leaves other errors alone', () => {
    expect(failureOf(new TypeError('a bug'))).toBeUndefined();
  });
});
