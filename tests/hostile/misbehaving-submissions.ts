/** A submission that misbehaves, and the problem that answers it. */
export interface MisbehavingSubmission {
  readonly name: string;
  readonly body: string | Buffer;
  readonly contentType?: string;
  readonly status: number;
  /** Name of the problem. */
  readonly problem: string;
}

const TARGET = 'http://127.0.0.1:9/hook';
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const members = (text: string) => `{"target":"${TARGET}","taskName":"n",${text}}`;
const withArgs = (taskArgs: string) => members(`"taskArgs":${taskArgs}`);
const withTarget = (target: string) => JSON.stringify({ target, taskName: 'n' });
const withHeader = (name: string, value: string) => members(`"headers":${JSON.stringify({ [name]: value })}`);
const bytesInArgs = (...bytes: number[]) => {
  const [before = '', after = ''] = withArgs('"@"').split('@');
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};

const malformed = (name: string, body: string | Buffer): MisbehavingSubmission => ({
  name,
  body,
  status: 400,
  problem: 'malformed-json',
});
const invalid = (name: string, body: string): MisbehavingSubmission => ({
  name,
  body,
  status: 400,
  problem: 'invalid-request',
});

/** The project's list of faults in submissions; slow senders are apart. */
export const MISBEHAVING_SUBMISSIONS: readonly MisbehavingSubmission[] = [
  malformed('malformed JSON', '{"target":}'),
  malformed('truncated JSON', withArgs('1').slice(0, -1)),
  malformed('two JSON texts', `${withArgs('1')}{}`),
  malformed('5,000 levels', withArgs(nested(5000))),
  malformed('a million levels that never end', withArgs('['.repeat(900_000))),
  malformed('duplicate members', members('"queue":"a","queue":"b"')),
  malformed('members that are duplicates once they are unescaped', members('"queue":"a","que\\u0075e":"b"')),
  malformed('duplicate members in the arguments', withArgs('{"a":1,"a":1}')),
  malformed('a byte that is not UTF-8', bytesInArgs(0xff)),
  malformed('an overlong sequence', bytesInArgs(0xc0, 0xaf)),
  malformed('a surrogate in UTF-8', bytesInArgs(0xed, 0xa0, 0x80)),
  malformed('a character that is cut off', bytesInArgs(0xe2, 0x82)),
  malformed('a high surrogate alone', withArgs('"\\ud800"')),
  malformed('a low surrogate alone', withArgs('"\\udfff"')),
  malformed('surrogates in the wrong order', withArgs('"\\udc00\\ud800"')),
  malformed('an escaped NUL', withArgs('"\\u0000"')),
  malformed('an escaped NUL in a name', withArgs('{"\\u0000":1}')),
  malformed('a NUL', bytesInArgs(0)),
  malformed('a number in hexadecimal', withArgs('0x10')),
  invalid('1e400 for a number of the specification', members('"timeoutMs":1e400')),
  invalid('2^53+1 for a number of the specification', members('"timeoutMs":9007199254740993')),
  invalid('an unknown __proto__', members('"__proto__":{"queue":"a"}')),
  invalid('a __proto__ in the retry policy', members('"retry":{"__proto__":{"maxAttempts":1}}')),
  invalid('CRLF in the value of a header', withHeader('X-A', 'a\r\nX-B: b')),
  invalid('CRLF in the name of a header', withHeader('X-A\r\nX-B', 'b')),
  invalid('NUL-free control characters in a header', withHeader('X-A', 'a\u0007')),
  invalid('a javascript: target', withTarget('javascript:alert(1)')),
  invalid('a file: target', withTarget('file:///etc/passwd')),
  invalid('a relative target', withTarget('/tasks')),
  invalid('a scheme-relative target', withTarget('//example.com/')),
  invalid('a target with userinfo', withTarget('http://user:secret@example.com/')),
  {
    name: 'oversize',
    body: withArgs(`"${'x'.repeat(1_100_000)}"`),
    status: 413,
    problem: 'payload-too-large',
  },
  {
    name: 'a form',
    body: 'target=a&taskName=b',
    contentType: 'application/x-www-form-urlencoded',
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    name: 'text',
    body: withArgs('1'),
    contentType: 'text/plain',
    status: 415,
    problem: 'unsupported-media-type',
  },
];

/** Arguments that look like faults and are none: stored, shown and delivered byte for byte. */
export const ODD_ARGUMENTS: readonly string[] = [
  '9007199254740993',
  '1e400',
  '-0.10e-5',
  '123456789012345678901234567890.123456789012345678901234567890',
  '{"__proto__":{"a":1},"constructor":{"prototype":null},"toString":0}',
  '{"2":1,"1":2}',
  '"\\u00e9\\/\\ud83d\\ude00\\u001f\u2028"',
  '[ 1 ,\n\t2 ]',
  nested(62),
  '"a\\r\\nb: c"',
  '"\uFFFE\uFFFF\uFEFF"',
  '{"":""}',
];
