import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../test/listening-server.ts';
import type { ListeningServer } from '../../test/listening-server.ts';
import { RECORDER_URL, mockRecorder } from '../../test/mocked-recorder.ts';
import { quickEnvironment } from '../../test/quick-environment.ts';
import { problemAnswer, taskSummary } from '../../test/task-summary.ts';
import { createClient, createClientIn } from '../create-client.ts';
import { DispatchrError } from './dispatchr-error.ts';
import { DispatchrUnreachableError } from './dispatchr-unreachable-error.ts';

describe('answers that say no', () => {
  const recorder = mockRecorder();
  const client = createClientIn(quickEnvironment(), { url: RECORDER_URL, retry: false });
  const failure = async (step: () => Response): Promise<DispatchrError> => {
    recorder.script(step);
    const error: unknown = await client.get('a').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DispatchrError);
    return error as DispatchrError;
  };

  it('carry the problem, and a message with each place', async () => {
    const errors = [
      { pointer: '/retry/maxAttempts', detail: 'expected an integer from 1 to 1000, got 0' },
      { parameter: 'limit', detail: 'expected 1 to 1000, got 0' },
      { pointer: '', detail: 'expected an object, got none' },
    ];
    const error = await failure(() =>
      problemAnswer('invalid-request', { detail: '3 places are not valid', errors }),
    );
    expect(error).toMatchObject({
      name: 'DispatchrError',
      status: 400,
      type: 'urn:dispatchr:problem:invalid-request',
      problem: 'invalid-request',
      title: 'The request is not valid',
      detail: '3 places are not valid',
      errors,
    });
    expect(error.message.split('\n')).toEqual([
      'GET /v1/tasks/a was answered 400 invalid-request: The request is not valid: 3 places are not valid',
      '  /retry/maxAttempts: expected an integer from 1 to 1000, got 0',
      '  limit: expected 1 to 1000, got 0',
      '  the body: expected an object, got none',
    ]);
  });

  it('keep the members that only some problems have', async () => {
    const error = await failure(() => problemAnswer('task-state-conflict', { state: 'running' }));
    expect(error.body.state).toBe('running');
  });

  it('say what to do about a missing token', async () => {
    expect((await failure(() => problemAnswer('unauthorized'))).message).toContain(
      'give createClient the `token`',
    );
  });

  it.each([
    [
      'a gateway’s page',
      () => new Response('<h1>Bad</h1>', { status: 500, statusText: 'Bad' }),
      /got "<h1>Bad<\/h1>"/,
    ],
    ['no body', () => new Response(null, { status: 404 }), /got no body/],
    [
      'a redirect',
      () => Response.redirect('https://b.test/', 302),
      /expected no redirect, got one to https:\/\/b\.test/,
    ],
    [
      'a page that is fine',
      () => new Response('<h1>Hi</h1>', { headers: { 'content-type': 'text/html' } }),
      /no recorder/,
    ],
  ])('are told from what is no recorder’s: %s', async (_what, step, message) => {
    const error = await failure(step);
    expect(error).toMatchObject({ type: 'about:blank', problem: undefined });
    expect(error.message).toMatch(message);
  });
});

describe('no answer, on real sockets', () => {
  const servers: ListeningServer[] = [];
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = await listen(createServer(listener));
    servers.push(server);
    return server.url;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it('says that nothing listens there', async () => {
    const { url, close } = await listen(createServer());
    await close();
    const error: unknown = await createClient({ url, retry: false })
      .get('a')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DispatchrUnreachableError);
    expect(error).toMatchObject({ url, tries: 1 });
    expect((error as Error).message).toMatch(
      /^expected an answer to GET \/v1\/tasks\/a from http:\S+, got none: connect ECONNREFUSED 127\.0\.0\.1:\d+; is the recorder running there\?$/,
    );
  });

  it('submits again when the connection breaks before, or within, the answer', async () => {
    const bodies: string[] = [];
    const url = await serve((request, response) => {
      void request
        .setEncoding('utf8')
        .toArray()
        .then((chunks) => {
          bodies.push(chunks.join(''));
          if (bodies.length === 1) return request.socket.destroy();
          response.writeHead(201, { 'content-type': 'application/json' });
          if (bodies.length === 2) return response.write('{"id":"a', () => request.socket.destroy());
          return response.end(JSON.stringify(taskSummary()));
        });
    });
    const client = createClient({ url, retry: { minBackoffMs: 1 } });
    expect(await client.submit({ target: 'http://127.0.0.1:8000/', taskName: 'a' })).toEqual(taskSummary());
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });
});
