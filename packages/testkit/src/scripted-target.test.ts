import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedTarget, startScriptedTarget } from './scripted-target.ts';

let target: ScriptedTarget;
beforeEach(async () => {
  target = await startScriptedTarget();
});
afterEach(() => target.close());

const post = (path: string, init: RequestInit = {}) =>
  fetch(target.url(path), { method: 'POST', body: 'hello', ...init });

describe('a scripted target', () => {
  it('records what arrives, and answers 200 to a path without a script', async () => {
    const before = performance.now();
    const response = await post('/charge?x=1', { headers: { 'X-Case': 'Kept' } });
    expect(response.status).toBe(200);
    expect(target.requests).toHaveLength(1);
    const [request] = target.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/charge?x=1', headers: { 'x-case': 'Kept' } });
    expect(request?.rawHeaders).toContain('Kept');
    expect(request?.body.toString()).toBe('hello');
    expect(request?.receivedAt).toBeGreaterThanOrEqual(before);
  });

  it('answers a path in turn and repeats the last answer', async () => {
    target.answer('/a', { status: 503, headers: { 'retry-after': '7' }, body: 'later' }, { status: 204 });
    const first = await post('/a?query=any');
    expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([503, '7', 'later']);
    expect([(await post('/a')).status, (await post('/a')).status]).toEqual([204, 204]);
  });

  it('resets the connection', async () => {
    target.answer('/reset', 'reset');
    await expect(post('/reset')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('hangs until the client gives up, and tells when that happened', async () => {
    target.answer('/hang', 'hang');
    const abort = new AbortController();
    const answer = post('/hang', { signal: abort.signal });
    const request = await target.received('/hang');
    abort.abort();
    await expect(answer).rejects.toThrow('abort');
    await request.disconnected;
  });

  it('asks a function, which may wait, or write to the response itself', async () => {
    target.answer(
      '/f',
      async (request) => ({ status: 200, body: `got ${request.body.toString()}` }),
      (_request, response) => void response.writeHead(418).end(),
    );
    expect(await (await post('/f')).text()).toBe('got hello');
    expect((await post('/f')).status).toBe(418);
  });

  it('answers late when told to', async () => {
    target.answer('/late', { status: 200, delayMs: 30 });
    const before = performance.now();
    await post('/late');
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
  });

  it('signals the n-th request of a path, whether it has come already or not', async () => {
    const second = target.received('/n', 2);
    await post('/n', { body: 'one' });
    await post('/other');
    await post('/n', { body: 'two' });
    expect((await second).body.toString()).toBe('two');
    expect((await target.received('/n')).body.toString()).toBe('one');
  });

  it('says what it got when a request does not come', async () => {
    await post('/n');
    await expect(target.received('/n', 2, 1)).rejects.toThrow(
      'expected request 2 of /n within 1 ms, got 1 (1 in all)',
    );
  });
});
