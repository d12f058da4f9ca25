import type { MutantId } from '../selftest/mutants/index.ts';
import type { JsonNode } from './json-reader.ts';
import type { MemberReader } from './member-reader.ts';
import { LIMITS } from './settings.ts';
import { compact } from './compact.ts';
import type { RequestTemplate } from './task.ts';

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'];
const ENCODINGS = ['utf8', 'base64'];
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const CONNECTION_HEADERS = [
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
];

/** Reads `request`. Spec: REC-013. */
export function readRequest(
  reader: MemberReader,
  node: JsonNode,
  pointer: string,
  mutants: ReadonlySet<MutantId>,
): RequestTemplate {
  const given = reader.members(node, pointer, ['method', 'body', 'bodyEncoding']);
  const read = (name: string, expected: string, accepts: (value: string) => boolean) =>
    reader.string(given.get(name), `${pointer}/${name}`, expected, accepts);
  const method = read('method', `one of ${METHODS.join(', ')}`, (value) => METHODS.includes(value));
  const body = read('body', 'a string', () => true);
  const bodyEncoding = read('bodyEncoding', 'utf8 or base64', (value) => ENCODINGS.includes(value));
  const isDecodable = body === undefined || BASE64.test(body) || mutants.has('base64-unjudged');
  if (bodyEncoding === 'base64' && !isDecodable) {
    reader.fault(`${pointer}/body`, 'base64 of RFC 4648 section 4 with padding', given.get('body'));
  }
  return compact<RequestTemplate>({ method, body, bodyEncoding });
}

/** Reads `headers` as pairs. Spec: REC-014 to REC-018. */
export function readHeaders(
  reader: MemberReader,
  node: JsonNode,
  pointer: string,
  mutants: ReadonlySet<MutantId>,
): readonly (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [];
  const seen = new Set<string>();
  const given = reader.members(node, pointer);
  for (const [name, value] of given) {
    const place = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const fault = faultOfName(name, seen, mutants);
    if (fault !== undefined) reader.fault(place, fault, value);
    seen.add(name.toLowerCase());
    const text = reader.string(value, place, 'tab, space to ~ and U+0080 to U+00FF', (each) =>
      isHeaderValue(each, mutants),
    );
    const isLost = name === '__proto__' && mutants.has('proto-header-lost');
    if (text !== undefined && !isLost) headers.push([name, text]);
  }
  const sizeOf = (text: string): number =>
    Buffer.byteLength(text, mutants.has('header-bytes-in-utf8') ? 'utf8' : 'latin1');
  const bytes = headers.reduce((sum, [name, value]) => sum + sizeOf(name) + sizeOf(value), 0);
  if (given.size > LIMITS.maxHeaders && !mutants.has('header-count-ignored'))
    reader.fault(pointer, `at most ${LIMITS.maxHeaders} members`, node);
  else if (bytes > LIMITS.maxHeaderBytes && !mutants.has('header-bytes-ignored'))
    reader.fault(pointer, `at most ${LIMITS.maxHeaderBytes} bytes`, node);
  return headers;
}

function isHeaderValue(text: string, mutants: ReadonlySet<MutantId>): boolean {
  if (/^[\t\r\n -~]*[\r\n]/.test(text) && mutants.has('line-breaks-in-headers-accepted')) return true;
  if (/[^\t -~]/.test(text) && mutants.has('latin-1-headers-refused')) return false;
  return HEADER_VALUE.test(text);
}

function faultOfName(
  name: string,
  seen: ReadonlySet<string>,
  mutants: ReadonlySet<MutantId>,
): string | undefined {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name) && !mutants.has('header-names-unjudged')) return 'a token of RFC 9110 as the name';
  if (seen.has(lower) && !mutants.has('header-in-two-cases-accepted'))
    return 'the header once, whatever the case';
  if (CONNECTION_HEADERS.includes(lower) && !mutants.has('hop-headers-accepted'))
    return 'no header of the connection';
  if (/^(dispatchr|webhook)-/.test(lower) && !mutants.has('dispatchr-headers-accepted')) {
    return 'no name that begins with Dispatchr- or webhook-';
  }
  return undefined;
}
