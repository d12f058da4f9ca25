import { openTestStore, type TestStore } from '@dispatchr/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callEnqueue, type EnqueueArguments } from '../test/call-enqueue.ts';

let fixture: TestStore;
let sql: postgres.Sql;
beforeAll(async () => {
  fixture = await openTestStore();
  sql = postgres(fixture.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await sql.end();
  await fixture.close();
});

const enqueue = (given: EnqueueArguments) => callEnqueue(sql, given);
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('dispatchr.enqueue refuses', () => {
  it.each<[EnqueueArguments, string]>([
    [
      { target: 'ftp://a.example/' },
      'target: expected an absolute http or https URL such as http://127.0.0.1:8000/tasks, got "ftp://a.example/"',
    ],
    [{ target: 'http:///x' }, 'target: expected an absolute http or https URL'],
    [{ target: 'http://a.example:65536/' }, 'target: expected an absolute http or https URL'],
    [{ target: 'http://a.example:x/' }, 'target: expected an absolute http or https URL'],
    [
      { target: 'http://user:secret@a.example/' },
      'target: expected a URL without userinfo (credentials belong in "headers"), got one with "@"',
    ],
    [{ target: 'user:secret@a.example' }, 'target: expected a URL without userinfo'],
    [{ target: 'http:\\\\user:secret@a.example' }, 'target: expected a URL without userinfo'],
    [
      { target: 'http://a.example/#x' },
      'target: expected a URL without white space, control characters and fragment',
    ],
    [{ target: 'http://a.example/\u00a0' }, 'target: expected a URL without white space'],
    [
      { target: `http://a.example/${'x'.repeat(2048)}` },
      'target: expected at most 2048 characters, got 2065',
    ],
    [{ target: `http://${'x.'.repeat(127)}/` }, 'target: expected a host name in ASCII'],
    [{ target: 'http://münchen.example/' }, 'target: expected a host name in ASCII'],
    [{ target: 'http://a%2eexample/' }, 'target: expected a host name in ASCII'],
    [
      { target: 'http://0x7f.1/' },
      'target: expected a host name in ASCII or an IP address in its plain form',
    ],
    [{ target: 'http://127.1/' }, 'target: expected a host name in ASCII or an IP address in its plain form'],
    [{ target: 'http://127.0.0.256/' }, 'target: expected a host name in ASCII'],
    [
      { target: 'http://[::1::]/' },
      'target: expected a host name in ASCII or an IP address in its plain form',
    ],
    [
      { target: 'http://[::ffff:102:304]/' },
      'target: expected a host name in ASCII or an IP address in its plain form',
    ],
    [{ task_name: null }, 'task_name: expected 1 to 255 characters, got none'],
    [{ task_name: '' }, 'task_name: expected 1 to 255 characters, got 0'],
    [{ task_name: 'x'.repeat(256) }, 'task_name: expected 1 to 255 characters, got 256'],
    [
      { task_args: `"${'x'.repeat(1_048_575)}"` },
      'task_args: expected at most 1 MiB of JSON, got 1048577 bytes',
    ],
    [{ task_args: '{"a":{"b":1,"c":2,"b":1}}' }, 'JSON: expected each member of an object once'],
    [{ task_args: deep(64) }, 'JSON: expected at most 64 levels of nesting'],
    [{ id: '' }, 'id: expected 1 to 512 letters, digits and characters of ._~:-'],
    [{ id: '..' }, 'id: expected 1 to 512 letters'],
    [{ id: 'a b' }, 'id: expected 1 to 512 letters'],
    [{ id: 'x'.repeat(513) }, 'id: expected 1 to 512 letters'],
    [{ queue: 'a/b' }, 'queue: expected 1 to 128 letters'],
    [{ queue: 'x'.repeat(129) }, 'queue: expected 1 to 128 letters'],
    [{ flow_key: '' }, 'flow_key: expected 1 to 512 characters, none of them a control character, got ""'],
    [{ flow_key: 'a\tb' }, 'flow_key: expected 1 to 512 characters'],
    [{ flow_key: 'x'.repeat(513) }, 'flow_key: expected 1 to 512 characters'],
    [{ priority: 1001 }, 'priority: expected -1000 to 1000, got 1001'],
    [{ priority: -1001 }, 'priority: expected -1000 to 1000, got -1001'],
    [
      { due_at: 'infinity' },
      'due_at: expected an instant since 1970 and at most ten years ahead, got infinity',
    ],
    [{ due_at: '1969-12-31T23:59:59Z' }, 'due_at: expected an instant since 1970'],
    [
      { due_at: '2060-01-01T00:00:00Z' },
      'due_at: expected an instant since 1970 and at most ten years ahead',
    ],
    [{ expires_at: 'infinity' }, 'expires_at: expected an instant of the years 1970 to 9999, got infinity'],
    [
      { due_at: '2030-01-01T00:00:00Z', expires_at: '2030-01-01T00:00:00Z' },
      'expires_at: expected an instant after due_at',
    ],
    [{ timeout_ms: 0 }, 'timeout_ms: expected 1 to 1800000, got 0'],
    [{ timeout_ms: 1_800_001 }, 'timeout_ms: expected 1 to 1800000, got 1800001'],
    [{ retry: '5' }, 'retry: expected a JSON object, got number'],
    [{ retry: '{"attempts":5}' }, 'retry: expected members of a retry policy, got "attempts"'],
    [{ retry: '{"maxAttempts":1001}' }, 'retry.maxAttempts: expected 1 to 1000, got 1001'],
    [{ retry: '{"maxAttempts":1.5}' }, 'retry.maxAttempts: expected a whole number, got 1.5'],
    [{ retry: '{"maxAttempts":"5"}' }, 'retry.maxAttempts: expected a whole number, got 5'],
    [{ retry: '{"jitter":1.1}' }, 'retry.jitter: expected 0 to 1, got 1.1'],
    [{ retry: '{"multiplier":1e99999}' }, 'retry.multiplier: expected a number, got 1e99999'],
    [
      { retry: '{"minBackoffMs":5000,"maxBackoffMs":4000}' },
      'retry: expected "minBackoffMs" (2000 by default) of at most "maxBackoffMs"',
    ],
    [{ retry: '{"maxBackoffMs":1000}' }, 'retry: expected "minBackoffMs" (2000 by default)'],
    [{ retry: '{"retryOn":"404"}' }, 'retry.retryOn: expected an array, got string'],
    [{ retry: '{"retryOn":["200"]}' }, 'retry.retryOn: expected at most 50 statuses such as "404" or "5xx"'],
    [{ retry: '{"retryOn":[404]}' }, 'retry.retryOn: expected at most 50 statuses'],
    [
      { retry: '{"retryOn":["404","5xx"],"failOn":["5xx"]}' },
      'retry.failOn: expected no status that "retryOn" has too',
    ],
    [{ headers: '["a"]' }, 'headers: expected a JSON object, got array'],
    [{ headers: '{"a b":"c"}' }, 'headers: expected a header name, got "a b"'],
    [{ headers: '{"Host":"c"}' }, 'headers: expected a header that a producer may set, got "Host"'],
    [{ headers: '{"Webhook-Id":"c"}' }, 'headers: expected a header that a producer may set'],
    [{ headers: '{"A":"c","a":"d"}' }, 'headers: expected each header once, got "a" in another case too'],
    [
      { headers: '{"A":"€"}' },
      'headers.A: expected text in ISO 8859-1 without control characters, got something else',
    ],
    [{ headers: '{"A":"b\\r\\nC: d"}' }, 'headers.A: expected text in ISO 8859-1 without control characters'],
    [{ headers: '{"A":1}' }, 'headers.A: expected text'],
    [{ headers: JSON.stringify({ A: 'x'.repeat(8192) }) }, 'headers: expected at most 8192 bytes, got 8193'],
    [
      { headers: JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`A${n}`, '']))) },
      'headers: expected at most 64 headers, got 65',
    ],
  ])('%j', async (given, message) => {
    const refused = enqueue(given);
    await expect(refused).rejects.toMatchObject({ code: '22023', message: expect.stringContaining(message) });
    await expect(refused).rejects.toThrow(/^enqueue: /);
  });

  it.each([
    ['what is no JSON', '{a:1}', '22P02'],
    ['U+0000', '"\\u0000"', '22P05'],
    ['half of a surrogate pair', '["\\ud83d"]', '22P02'],
  ])('%s', async (_, args, code) => {
    await expect(enqueue({ task_args: args })).rejects.toMatchObject({ code });
  });
});
