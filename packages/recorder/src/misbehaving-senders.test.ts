import { describe, expect, test } from 'vitest';
import { RawConnection } from '../test/raw-connection.ts';
import { expectStillServing, JSON_TYPE, start, submit, TARGET, TASK } from '../test/started-recorder.ts';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

describe('submissions that misbehave', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const withArgs = (taskArgs: string) => `{"target":"${TARGET}","taskName":"n","taskArgs":${taskArgs}}`;
  const withTarget = (target: string) => JSON.stringify({ target, taskName: 'n' });
  const withHeader = (name: string, value: string) =>
    JSON.stringify({ target: TARGET, taskName: 'n', headers: { [name]: value } });

  test.each<[string, string | Buffer, string]>([
    ['malformed', '{"target":}', 'at character 10 (line 1, column 11), in /target'],
    ['truncated', '{"target":"http://a', 'the end of the text'],
    ['empty text of white space', ' ', 'the end of the text'],
    ['5,000 levels deep', withArgs(nested(5000)), 'at most 64 levels'],
    ['64 levels in the arguments, which makes 65', withArgs(nested(64)), 'at most 64 levels'],
    ['duplicate members', `{"target":"${TARGET}","taskName":"n","taskName":"m"}`, 'in /taskName'],
    ['duplicate members in the arguments', withArgs('{"a":{"b":1,"b":1}}'), 'in /taskArgs/a/b'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"taskName":"'), Buffer.from([0xff]), Buffer.from('"}')]),
      'at byte 13',
    ],
    ['a lone surrogate', withArgs('"\\udfff"'), 'a lone \\udfff'],
    ['an escaped NUL', withArgs('["\\u0000"]'), 'in /taskArgs/0'],
    ['a bare NUL', withArgs('"\0"'), 'U+0000'],
    ['NaN', withArgs('NaN'), 'in /taskArgs'],
    ['a byte order mark', `\uFEFF${TASK}`, 'byte order mark'],
  ])('%s are malformed-json that says where', async (_name, body, detail) => {
    const { url, store } = await start();
    const response = await submit(url, body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(await response.json()).toMatchObject({
      type: 'urn:dispatchr:problem:malformed-json',
      detail: expect.stringContaining(detail),
    });
    expect(store.submitted).toEqual([]);
    await expectStillServing(url);
  });

  test.each([
    ['a javascript: target', withTarget('javascript:alert(1)'), '/target'],
    ['a file: target', withTarget('file:///etc/passwd'), '/target'],
    ['a relative target', withTarget('/tasks'), '/target'],
    ['a scheme-relative target', withTarget('//example.com/tasks'), '/target'],
    ['a target with userinfo', withTarget('http://user:secret@example.com/'), '/target'],
    ['a target with empty userinfo', withTarget('http://@example.com/'), '/target'],
    ['a target with a fragment', withTarget('http://example.com/#a'), '/target'],
    ['a target with a line break', withTarget('http://exa\r\nmple.com/'), '/target'],
    ['a target with a backslash', withTarget('http:\\\\example.com/'), '/target'],
    ['a target without a host', withTarget('http://:80/a/b/c'), '/target'],
    ['a target that is too long', withTarget(`http://example.com/${'a'.repeat(2048)}`), '/target'],
    ['CRLF in a header', withHeader('X-A', 'a\r\nX-B: b'), '/headers/X-A'],
    ['CRLF in a header name', withHeader('X-A\r\nX-B', 'b'), '/headers/X-A\r\nX-B'],
    ['a header of the connection', withHeader('Transfer-Encoding', 'chunked'), '/headers/Transfer-Encoding'],
    ['a Host header', withHeader('host', 'example.com'), '/headers/host'],
    ['a header of the scheduler', withHeader('DISPATCHR-Task-Id', 'x'), '/headers/DISPATCHR-Task-Id'],
    ['a signature', withHeader('webhook-signature', 'v1,x'), '/headers/webhook-signature'],
    [
      'a header that is no text',
      '{"target":"http://example.com/","taskName":"n","headers":{"a/b":1}}',
      '/headers/a~1b',
    ],
    [
      'an unknown __proto__',
      `{"__proto__":{"taskName":"n"},"target":"${TARGET}","taskName":"n"}`,
      '/__proto__',
    ],
    ['1e400 for a number', `{"target":"${TARGET}","taskName":"n","timeoutMs":1e400}`, '/timeoutMs'],
    ['null for a text', `{"target":"${TARGET}","taskName":null}`, '/taskName'],
    ['no object', '[]', ''],
    ['thousands of members', `{${Array.from({ length: 3000 }, (_, i) => `"m${i}":1`).join(',')}}`, '/m1023'],
    [
      'thousands of headers',
      `{"headers":{${Array.from({ length: 3000 }, (_, i) => `"h${i}":"1"`).join(',')}}}`,
      '/headers',
    ],
    ['no work', `{"target":"${TARGET}"}`, '/taskName'],
  ])('%s is invalid-request that points at it', async (_name, body, pointer) => {
    const { url, store } = await start();
    const response = await submit(url, body);
    const problem = (await response.json()) as {
      type: string;
      errors: { pointer: string; detail: string }[];
    };
    expect([response.status, problem.type]).toEqual([400, 'urn:dispatchr:problem:invalid-request']);
    expect(problem.errors.map((error) => error.pointer)).toEqual([pointer]);
    expect(problem.errors[0]?.detail).toMatch(/expected/);
    expect(store.submitted).toEqual([]);
    await expectStillServing(url);
  });

  test.each([
    ['2^53+1', '9007199254740993'],
    ['1e400', '1e400'],
    ['-0.10e-5', '-0.10e-5'],
    ['__proto__', '{"__proto__":{"a":1}}'],
    ['integer-like keys out of order', '{"2":1,"1":2}'],
    ['escapes', '"\\u00e9\\/\\ud83d\\ude00"'],
    ['white space', '[ 1 ,\n\t2 ]'],
    ['62 levels', nested(62)],
  ])('%s is stored and shown unchanged', async (_name, taskArgs) => {
    const { url, store } = await start();
    const response = await submit(url, withArgs(taskArgs));
    expect(response.status).toBe(201);
    expect(store.submitted[0]?.taskArgs).toBe(taskArgs);
    const shown = await fetch(`${url}${response.headers.get('location')}`);
    expect(await shown.text()).toContain(`"taskArgs":${taskArgs}}`);
  });

  test('an oversized body is a 413 with the limit, whether its length is announced or not', async () => {
    const { url } = await start({ limits: { maxTaskBytes: 65_536 } });
    const body = withArgs(JSON.stringify('x'.repeat(3_000_000)));
    const chunks = new Blob([body]).stream();
    const announced = await submit(url, body);
    const chunked = await fetch(`${url}/v1/tasks`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: chunks,
      duplex: 'half',
    } as never);
    for (const response of [announced, chunked]) {
      expect(response.status).toBe(413);
      expect(response.headers.get('content-type')).toBe(PROBLEM_TYPE);
      expect(await response.json()).toMatchObject({
        type: 'urn:dispatchr:problem:payload-too-large',
        limitBytes: 65_536,
      });
    }
    await expectStillServing(url);
  });

  test('a sender that does not stop is read to the end, then the connection is closed', async () => {
    const { url } = await start({ limits: { maxTaskBytes: 65_536 } });
    const connection = await RawConnection.open(url);
    connection.write(
      `POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 30000000\r\n\r\n`,
    );
    await connection.until(/limitBytes/);
    connection.write('x'.repeat(30_000_000));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 413 .*connection: close/is);
    expect(connection.error).toBeUndefined();
  });

  test('a wrong content type is a 415 that leaves the connection usable', async () => {
    const { url } = await start();
    const response = await submit(url, TASK, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(response.status).toBe(415);
    expect(response.headers.get('content-type')).toBe(PROBLEM_TYPE);
    expect((await fetch(`${url}/nowhere`)).headers.get('content-type')).toBe(PROBLEM_TYPE);
    expect(((await response.json()) as { detail: string }).detail).toContain(
      "-H 'Content-Type: application/json'",
    );
    await expectStillServing(url);
  });

  test('a body that breaks off is no task', async () => {
    const { url, store } = await start();
    const connection = await RawConnection.open(url);
    connection.write(
      `POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n${TASK}`,
    );
    connection.socket.end();
    await connection.untilClosed();
    expect(store.submitted).toEqual([]);
    await expectStillServing(url);
  });
});

describe('connections that misbehave', () => {
  const impatient = { requestTimeoutMs: 200, headersTimeoutMs: 100, connectionsCheckIntervalMs: 20 };

  test.each([
    ['never ends its header section', 'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nX-A: '],
    [
      'never sends its body',
      'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    ],
    [
      'never ends its chunks',
      'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n',
    ],
  ])('a sender that %s is cut with a 408', async (_name, beginning) => {
    const { url } = await start(impatient);
    const connection = await RawConnection.open(url);
    connection.write(beginning);
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1.1 408 .*urn:dispatchr:problem:request-timeout/s);
    await expectStillServing(url);
  });

  test('a sender that goes on dripping an oversized body is cut', async () => {
    const { url } = await start({ ...impatient, limits: { maxTaskBytes: 65_536 } });
    const connection = await RawConnection.open(url);
    connection.write(
      'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n{',
    );
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 413 /);
    await expectStillServing(url);
  });

  test.each([
    ['what is not HTTP', 'HELLO\r\n\r\n', 400, 'invalid-request'],
    [
      'a header with a bare line feed',
      'GET /livez HTTP/1.1\r\nHost: a\r\nX\n: b\r\n\r\n',
      400,
      'invalid-request',
    ],
    [
      'two content lengths',
      'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
      400,
      'invalid-request',
    ],
    [
      'a length and chunks',
      'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'invalid-request',
    ],
    [
      'too many header bytes',
      `GET /livez HTTP/1.1\r\nHost: a\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'header-fields-too-large',
    ],
  ])('%s is answered with problem details', async (_name, text, status, name) => {
    const { url } = await start();
    const connection = await RawConnection.open(url);
    connection.write(text);
    const answer = await connection.untilClosed();
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(`Content-Type: ${PROBLEM_TYPE}\r\n`);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      type: `urn:dispatchr:problem:${name}`,
      status,
    });
    await expectStillServing(url);
  });

  test('a connection reset in the middle of a submit disturbs nobody', async () => {
    const { url } = await start();
    const connection = await RawConnection.open(url);
    connection.write(
      'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    );
    connection.socket.resetAndDestroy();
    await connection.untilClosed();
    await expectStillServing(url);
  });
});
