import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { forAll, requireAccepted, requireProblemAtOneOf, requireRefused } from './submission-verdict.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const TOKEN = `!#$%&'*+-.^_\`|~0123456789${LETTERS}${LETTERS.toUpperCase()}`;
const OWN_NAMES = [
  'Dispatchr-',
  'dispatchr-task-id',
  'DISPATCHR-Anything',
  'webhook-id',
  'Webhook-',
  'WEBHOOK-X',
];
const CONNECTION_NAMES = [
  'Host',
  'Content-Length',
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Expect',
];

/** Which `headers` a submission may have. */
export const HEADERS_CHECKS: readonly Check[] = [
  {
    id: 'header-names-are-tokens',
    title:
      'A header whose name is no token of RFC 9110 is refused at the member, and one with any character of a token is not.',
    covers: { 'REC-014': '2d33b2f6' },
    profile: 'recorder',
    async run(t) {
      const names = [...asciiWithout(TOKEN), 'Ä', '€'].map((character) => `X${character}Y`);
      await forAll(['', 'X ', ' X', ...names], async (name) => {
        const pointer = `/headers/${name.replaceAll('/', '~1')}`;
        await requireRefused(t, 'REC-014', { headers: { 'X-Good': '1', [name]: 'a' } }, pointer);
      });
      await requireAccepted(t, 'REC-014', { headers: { [TOKEN]: 'a' } });
    },
  },
  {
    id: 'header-values-are-of-latin-1',
    title:
      'A header whose value has a line break, another control character or a character beyond U+00FF is refused at the member.',
    covers: { 'REC-014': '2d33b2f6' },
    profile: 'recorder',
    async run(t) {
      const printable = `\t${asciiWithout('', 0x20, 0x7e).join('')}`;
      const characters = [...asciiWithout(printable), '\r\nX-More: 1', 'Ā', '€', '😀'];
      await forAll(characters, (character) =>
        requireRefused(t, 'REC-014', { headers: { 'X-A': `a${character}` } }, '/headers/X-A'),
      );
    },
  },
  {
    id: 'header-values-of-latin-1-are-kept',
    title:
      'A header whose value has tabs, spaces, any character from ! to ~ or from U+0080 to U+00FF, or none at all, is kept as it is.',
    covers: { 'REC-014': '2d33b2f6' },
    profile: 'recorder',
    async run(t) {
      const codes = (from: number, to: number): string =>
        String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, at) => from + at));
      const headers = {
        'X-Ascii': `a\tb${codes(0x20, 0x7e)}`,
        'X-Latin-1': codes(0x80, 0xff),
        'X-Empty': '',
      };
      const { id } = await t.submit(t.parked({ headers }));
      t.equal('REC-014', 'the headers of the task', (await t.api.get(id)).json?.headers, headers);
    },
  },
  {
    id: 'connection-headers-are-refused',
    title: 'Headers that belong to the connection are refused at the member, in any case.',
    covers: { 'REC-015': '8bbaa85e' },
    profile: 'recorder',
    async run(t) {
      const names = CONNECTION_NAMES.flatMap((name) => [name, name.toLowerCase(), name.toUpperCase()]);
      await forAll(names, (name) =>
        requireRefused(t, 'REC-015', { headers: { 'X-Good': '1', [name]: 'a' } }, `/headers/${name}`),
      );
      await requireAccepted(t, 'REC-015', { headers: { Hosts: 'a', Via: 'a', Cookie: 'a', Date: 'a' } });
    },
  },
  {
    id: 'headers-of-the-protocol-are-refused',
    title: 'Headers that begin with Dispatchr- or webhook- are refused at the member, in any case.',
    covers: { 'REC-016': 'd9c3391f' },
    profile: 'recorder',
    async run(t) {
      await forAll(OWN_NAMES, (name) =>
        requireRefused(t, 'REC-016', { headers: { 'X-Good': '1', [name]: 'a' } }, `/headers/${name}`),
      );
      await requireAccepted(t, 'REC-016', {
        headers: { Dispatchr: 'a', webhooks: 'a', 'X-Dispatchr-A': 'a' },
      });
    },
  },
  {
    id: 'headers-that-differ-by-case-are-refused',
    title: 'Headers with one name in two cases are refused at the member.',
    covers: { 'REC-017': '4cb0ca95' },
    profile: 'recorder',
    async run(t) {
      const headers = { 'X-Tenant': '17', 'X-Other': '1', 'x-tEnant': '17' };
      const response = await t.api.submit(t.parked({ headers }));
      requireProblemAtOneOf(t, 'REC-017', response, ['/headers/X-Tenant', '/headers/x-tEnant']);
    },
  },
  {
    id: 'too-many-headers-are-refused',
    title: 'More headers than limits.maxHeaders are refused at /headers, and as many are accepted.',
    covers: { 'REC-018': '6a13ecde' },
    profile: 'recorder',
    async run(t) {
      const { maxHeaders, maxHeaderBytes } = t.discovery.limits;
      if (maxHeaderBytes < 8 * maxHeaders)
        t.skip('limits.maxHeaderBytes is reached before limits.maxHeaders');
      const headers = (count: number): Record<string, string> =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, '']));
      await requireRefused(t, 'REC-018', { headers: headers(maxHeaders + 1) }, '/headers');
      await requireAccepted(t, 'REC-018', { headers: headers(maxHeaders) });
    },
  },
  {
    id: 'too-large-headers-are-refused',
    title:
      'Headers with more bytes than limits.maxHeaderBytes in names and values are refused at /headers, and as many are accepted.',
    covers: { 'REC-018': '6a13ecde' },
    profile: 'recorder',
    async run(t) {
      const bytes = headerBytesOf(t);
      const headers = (value: string): object => ({ headers: { Accept: '', 'X-Long': value } });
      const rest = bytes - 'AcceptX-Long'.length;
      await requireRefused(t, 'REC-018', headers('a'.repeat(rest + 1)), '/headers');
      await requireAccepted(t, 'REC-018', headers('a'.repeat(rest)));
    },
  },
  {
    id: 'header-bytes-are-counted-in-latin-1',
    title: 'The bytes of headers are counted in ISO 8859-1, one for each character.',
    covers: { 'REC-018': '6a13ecde' },
    profile: 'recorder',
    async run(t) {
      const headers = { 'X-Long': 'é'.repeat(headerBytesOf(t) - 'X-Long'.length) };
      await requireAccepted(t, 'REC-018', { headers });
    },
  },
];

/** The characters from U+0001, because U+0000 is no JSON here, to U+007F, without some. */
function asciiWithout(left: string, from = 0x01, to = 0x7f): string[] {
  const all = Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));
  return all.filter((character) => !left.includes(character));
}

/** `limits.maxHeaderBytes`; ends the check if no task has room for so many. */
function headerBytesOf(t: CheckContext): number {
  const { maxHeaderBytes, maxTaskBytes } = t.discovery.limits;
  if (maxTaskBytes < 2 * maxHeaderBytes + 2000)
    t.skip('limits.maxTaskBytes is reached before limits.maxHeaderBytes');
  return maxHeaderBytes;
}
