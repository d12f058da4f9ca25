import type { Check } from '../../check.ts';
import { forAll, requireAccepted, requireRefused } from './submission-verdict.ts';

const HOST = 'conformance.invalid';
const NO_URLS = [
  '',
  'x',
  HOST,
  `${HOST}/tasks`,
  `//${HOST}/`,
  '/tasks',
  'http',
  'http:',
  'http://',
  'http:///',
  'http://?a',
  'http://:80/',
  `http:${HOST}`,
  `http:/${HOST}`,
  `http://${HOST}:port/`,
  `http://${HOST}:65536/`,
  'http://[::1',
  'http://[1:2]/',
  'http://[fe80::1%25eth0]/',
  'http://a<b/',
  'http://a^b/',
  'http://%zz/',
  'http://256.1.1.1/',
  'http://1.2.3.4.5/',
  'http://0x100000000/',
  'http://a.0x7f/',
];
const OTHER_SCHEMES = [
  'javascript:alert(1)',
  `ftp://${HOST}/`,
  `ws://${HOST}/`,
  'file:///etc/passwd',
  'data:text/plain,a',
  `httpx://${HOST}/`,
  `mailto:a@${HOST}`,
  'unix:/run/a.sock',
];

/** What is a target. */
export const TARGET_URL_CHECKS: readonly Check[] = [
  {
    id: 'target-must-be-a-url-with-a-host',
    title: 'A target that is no absolute URL with a host is refused.',
    covers: { 'POL-020': '227af746' },
    profile: 'recorder',
    async run(t) {
      await requireRefused(t, 'POL-020', { target: undefined }, '/target');
      await forAll(NO_URLS, (target) => requireRefused(t, 'POL-020', { target }, '/target'));
    },
  },
  {
    id: 'target-must-be-http',
    title:
      'A target with a scheme other than http and https is refused, and those two are accepted in any case.',
    covers: { 'POL-020': '227af746' },
    profile: 'recorder',
    async run(t) {
      await forAll(OTHER_SCHEMES, (target) => requireRefused(t, 'POL-020', { target }, '/target'));
      await forAll(['http', 'https', 'HTTP', 'hTTpS'], (scheme) =>
        requireAccepted(t, 'POL-020', { target: `${scheme}://${HOST}/` }),
      );
    },
  },
  {
    id: 'target-with-userinfo-is-refused',
    title: 'A target with userinfo is refused, and one with an @ elsewhere is not.',
    covers: { 'POL-021': '41b31161' },
    profile: 'recorder',
    async run(t) {
      await forAll(['user', 'user:', ':secret', 'user:secret', 'a%40b', 'a@b'], (userinfo) =>
        requireRefused(t, 'POL-021', { target: `http://${userinfo}@${HOST}/` }, '/target'),
      );
      await forAll(['/a@b', '?a=b@c', '/users/@me:1'], (rest) =>
        requireAccepted(t, 'POL-021', { target: `http://${HOST}${rest}` }),
      );
    },
  },
  {
    id: 'target-with-a-fragment-is-refused',
    title: 'A target with a fragment is refused, also with an empty one.',
    covers: { 'POL-021': '41b31161' },
    profile: 'recorder',
    async run(t) {
      await forAll(['/#a', '#', '/?a#b'], (rest) =>
        requireRefused(t, 'POL-021', { target: `http://${HOST}${rest}` }, '/target'),
      );
    },
  },
  {
    id: 'target-with-white-space-is-refused',
    title:
      'A target with white space or a control character anywhere is refused, and one with any other character of a path is not.',
    covers: { 'POL-021': '41b31161' },
    profile: 'recorder',
    async run(t) {
      const characters = [' ', '\t', '\n', '\r', '\u000b', '\u0001', '\u001f', '\u007f'];
      const targets = characters.flatMap((character) => [
        `${character}http://${HOST}/`,
        `http://${HOST}/a${character}b`,
        `http://${HOST}/${character}`,
        `http://conform${character}ance.invalid/`,
      ]);
      await forAll(targets, (target) => requireRefused(t, 'POL-021', { target }, '/target'));
      await requireAccepted(t, 'POL-021', { target: `http://${HOST}/é/%20/a|b"c<d>\`{e}?f='g'` });
    },
  },
  {
    id: 'target-length-is-bounded',
    title:
      'A target of more than 2,048 characters is refused, and one of 2,048 is not, counted in code points.',
    covers: { 'POL-021': '41b31161' },
    profile: 'recorder',
    async run(t) {
      const start = `http://${HOST}/`;
      for (const character of ['a', '😀']) {
        const longest = start + character.repeat(2048 - start.length);
        await requireRefused(t, 'POL-021', { target: `${longest}a` }, '/target');
        await requireAccepted(t, 'POL-021', { target: longest });
      }
    },
  },
  {
    id: 'target-host-length-is-bounded',
    title: 'A target with a host of more than 253 characters is refused, and one of 253 is not.',
    covers: { 'POL-021': '41b31161' },
    profile: 'recorder',
    async run(t) {
      // 257 characters, in labels of at most 49.
      const host = `${`${'a'.repeat(49)}.`.repeat(5)}invalid`;
      await requireRefused(t, 'POL-021', { target: `http://${host.slice(3)}/` }, '/target');
      await requireAccepted(t, 'POL-021', { target: `http://${host.slice(4)}/` });
    },
  },
  {
    id: 'target-is-kept-as-submitted',
    title: 'A target is shown exactly as it was submitted, however the URL could be written otherwise.',
    covers: { 'POL-022': '8b891baf' },
    profile: 'recorder',
    async run(t) {
      const targets = [
        'HTTP://Conformance.INVALID:80/a/../b/./c?x=%7e&y=é',
        `http://${HOST}`,
        `http://${HOST}?a`,
        `http://${HOST}:/%41/"\\`,
      ];
      for (const target of targets) {
        const { id, target: answered } = await t.submit(t.parked({ target }));
        t.equal('POL-022', 'the target in the answer', answered, target);
        t.equal('POL-022', 'the target of the task', (await t.api.get(id)).json?.target, target);
      }
    },
  },
  {
    id: 'target-is-delivered-to-as-the-url-standard-parses-it',
    title: 'A task is delivered to the URL that the WHATWG URL Standard makes of its target.',
    covers: { 'POL-023': '8e6394b3' },
    profile: 'core',
    async run(t) {
      for (const spell of spellings) {
        const target = await t.target();
        const spelled = spell(new URL(target.url));
        await t.submit(t.taskFor(spelled));
        const delivery = await t.delivery(target);
        const { href, origin, host } = new URL(spelled);
        const path = href.slice(origin.length);
        t.equal('POL-023', `the path of a delivery to ${spelled}`, delivery.path, path);
        t.equal('POL-023', `the Host of a delivery to ${spelled}`, delivery.header('Host'), host);
      }
    },
  },
  {
    id: 'empty-query-of-a-target-is-delivered',
    title:
      'A task whose target ends in a question mark is delivered with it, because the URL Standard tells an empty query from none.',
    covers: { 'POL-023': '8e6394b3' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(`${target.url}?`));
      const delivery = await t.delivery(target);
      t.equal('POL-023', 'the path of the delivery', delivery.path, `${new URL(target.url).pathname}?`);
    },
  },
];

/** Ways to write a URL otherwise; each leads to the same path, with or without a query. */
const spellings: readonly ((url: URL) => string)[] = [
  ({ host, pathname }) => `HTTP://${host.toUpperCase()}/a/..${pathname}`,
  ({ host, pathname }) => `http://${host}/./a/b/../%2e%2E${pathname}?q=é&r="a'b|c^d\`{}`,
  ({ host, pathname }) => `http://${host}${pathname.replaceAll('/', '\\')}?\\`,
  ({ host, pathname }) => `http:///${host}${pathname}`,
  ({ host, pathname }) => `http://${host}${pathname}?a=%7e&b=+%20&c=%zz`,
];
