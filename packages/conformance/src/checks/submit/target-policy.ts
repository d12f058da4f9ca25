import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import {
  type Address,
  hostOf,
  METADATA_NAMES,
  neighbourOf,
  reachOf,
  SPECIAL_RANGES,
} from '../../spec/special-addresses.ts';
import { forAll, requireAccepted, requireRefused } from './submission-verdict.ts';

// Spellings of 169.254.169.254, which nobody may reach.
const FORBIDDEN = [
  '169.254.169.254.',
  '0xa9fea9fe',
  '0XA9.0xFE.43518',
  '2852039166',
  '025177524776',
  '0251.0376.0251.0376',
  '169.16689662',
  '169.254.43518',
  '%31%36%39.254.169.254',
  '169%2E254%2e169.254',
  '１６９.254.169.254',
  '169。254．169｡254',
  '①⑥⑨.254.169.254',
  '[::ffff:169.254.169.254]',
  '[::FFFF:A9FE:A9FE]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]',
  '[64:ff9b::169.254.169.254]',
];
// Spellings of 8.8.8.8 and of an IPv6 address, which are public.
const PUBLIC = [
  '8.8.8.8.',
  '0x08080808',
  '134744072',
  '010.010.010.010',
  '8.8.2056',
  '８.8.8.8',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::808:808]',
  '[2606:4700::1111]',
];
const LOOPBACK = [
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '2130706433',
  '127.255.255.254.',
  '[::1]',
  '[0::0001]',
  '[::ffff:127.0.0.1]',
];
const LOCALHOST = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
  'A.b.LocalHost.',
  'ｌocalhost',
  '%6cocalhost',
];

/** Which targets a submit may have, as far as it can be told without looking a name up. */
export const TARGET_POLICY_CHECKS: readonly Check[] = [
  {
    id: 'addresses-that-nobody-may-reach-are-refused',
    title:
      'A target with an address that the special addresses say nobody may reach is refused: the ends of each range, and one inside.',
    covers: { 'POL-006': '168d8d38', 'POL-012': '6ae5796d' },
    profile: 'recorder',
    async run(t) {
      const forbidden = addressesAround(t).filter((address) => reachOf(address) === 'nobody');
      await forAll(forbidden, async (address) => {
        const requirement = address.bits === 32 ? 'POL-006' : 'POL-012';
        await requireRefused(
          t,
          requirement,
          { target: `http://${hostOf(address)}/` },
          '/target',
          'target-blocked',
        );
      });
    },
  },
  {
    id: 'public-addresses-are-accepted',
    title: 'A target with a public address is accepted, also with one just beside a range that is not.',
    covers: { 'POL-006': '168d8d38' },
    profile: 'recorder',
    async run(t) {
      const open = addressesAround(t).filter((address) => reachOf(address) === 'public');
      await forAll(open, (address) =>
        requireAccepted(t, 'POL-006', { target: `http://${hostOf(address)}/` }),
      );
    },
  },
  {
    id: 'forbidden-addresses-are-refused-in-every-spelling',
    title:
      'A target with an address that nobody may reach is refused in every spelling that the WHATWG URL Standard accepts, and a public one in none.',
    covers: { 'POL-006': '168d8d38' },
    profile: 'recorder',
    async run(t) {
      const spelled = FORBIDDEN.flatMap((host) => [`http://${host}/latest`, `HTTPS://${host}:8443`]);
      await forAll(spelled, (target) =>
        requireRefused(t, 'POL-006', { target }, '/target', 'target-blocked'),
      );
      await forAll(
        ['http:///169.254.169.254/', 'http://169.254.169.254\\a', 'http://169.254.169.254?@8.8.8.8'],
        (target) => requireRefused(t, 'POL-006', { target }, '/target', 'target-blocked'),
      );
      await forAll(PUBLIC, (host) => requireAccepted(t, 'POL-006', { target: `http://${host}/` }));
    },
  },
  {
    id: 'local-addresses-are-judged-by-the-declared-policy',
    title: 'A target with a loopback or private address is accepted or refused as discovery declares.',
    covers: { 'POL-006': '168d8d38' },
    profile: 'recorder',
    async run(t) {
      const locals = addressesAround(t).filter((address) =>
        ['loopback', 'private'].includes(reachOf(address)),
      );
      await forAll(locals, (address) => requireAsDeclared(t, 'POL-006', hostOf(address), reachOf(address)));
      await forAll(LOOPBACK, (host) => requireAsDeclared(t, 'POL-006', host, 'loopback'));
      await forAll(['0xa.1', '10.0.0.1.', '[::ffff:10.0.0.1]', '１０.0.0.1'], (host) =>
        requireAsDeclared(t, 'POL-006', host, 'private'),
      );
    },
  },
  {
    id: 'localhost-is-judged-as-loopback',
    title:
      'The name localhost, and every name below it, is accepted or refused as discovery declares for loopback.',
    covers: { 'POL-007': '372d0d9c' },
    profile: 'recorder',
    async run(t) {
      await forAll(LOCALHOST, (host) => requireAsDeclared(t, 'POL-007', host, 'loopback'));
      await forAll(['localhost.invalid', 'alocalhost'], (host) =>
        requireAccepted(t, 'POL-007', { target: `http://${host}/` }),
      );
    },
  },
  {
    id: 'names-of-metadata-services-are-refused',
    title:
      'A target with the name of a metadata service is refused, in any case and with or without a dot at the end.',
    covers: { 'POL-008': 'a3703b09' },
    profile: 'recorder',
    async run(t) {
      const names = METADATA_NAMES.flatMap((name) => [
        name,
        name.toUpperCase(),
        `${name}.`,
        name.replace('m', 'ｍ'),
      ]);
      const targets = names.flatMap((name) => [`http://${name}/`, `https://${name}:8080/a`]);
      await forAll(targets, (target) =>
        requireRefused(t, 'POL-008', { target }, '/target', 'target-blocked'),
      );
      await forAll(['metadata.invalid', 'a.metadata', 'metadatas', 'a.metadata.google.internal'], (host) =>
        requireAccepted(t, 'POL-008', { target: `http://${host}/` }),
      );
    },
  },
  {
    id: 'names-are-not-looked-up-at-the-submit',
    title: 'A target with a name that nobody resolves is accepted.',
    covers: { 'POL-009': 'dd2edc23' },
    profile: 'recorder',
    async run(t) {
      await forAll(['no-such.host.invalid', 'a', 'a-b.c--d.invalid', 'under_score.invalid'], (host) =>
        requireAccepted(t, 'POL-009', { target: `http://${host}/` }),
      );
    },
  },
];

/** For each range: its ends, one address inside, and those just outside. Without those that another range has too. */
function addressesAround(t: CheckContext): Address[] {
  const found = SPECIAL_RANGES.flatMap(({ first, last }) => {
    const inside = neighbourOf(
      first,
      BigInt(t.random.below(Number(min(last.value - first.value + 1n, 2n ** 31n)))),
    );
    return [first, last, inside, neighbourOf(first, -1n), neighbourOf(last, 1n)];
  });
  const byHost = new Map(found.filter((each) => each !== undefined).map((each) => [hostOf(each), each]));
  return [...byHost.values()];
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

async function requireAsDeclared(
  t: CheckContext,
  requirement: string,
  host: string,
  reach: string,
): Promise<void> {
  const { loopback, private: isPrivateOpen, allow } = t.discovery.targetPolicy;
  const target = `http://${host}/`;
  if (reach === 'loopback' ? loopback : isPrivateOpen) await requireAccepted(t, requirement, { target });
  // What entries allow, and to which ports, is left to those who wrote them.
  else if (allow.length === 0) await requireRefused(t, requirement, { target }, '/target', 'target-blocked');
}
