import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Check } from '../../check.ts';
import { HttpClient } from '../../http/http-client.ts';
import { addressOf, lastOf, reachOfNetwork } from '../../spec/special-addresses.ts';

const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** What discovery declares of the target policy. */
export const DECLARED_POLICY_CHECKS: readonly Check[] = [
  {
    id: 'loopback-and-private-are-open-on-loopback-alone',
    title:
      'A recorder that can be reached at an address other than loopback declares neither loopback nor private addresses as open.',
    covers: { 'POL-004': '192a471d' },
    profile: 'recorder',
    async run(t) {
      const { loopback, private: isPrivateOpen } = t.discovery.targetPolicy;
      const elsewhere = await reachedElsewhere(t.api.baseUrl, JSON.stringify(t.discovery));
      const open = `loopback ${loopback}, private ${isPrivateOpen}`;
      const what = `nothing is open while the recorder answers at ${elsewhere}`;
      t.ok('POL-004', what, elsewhere === undefined || !(loopback || isPrivateOpen), open);
    },
  },
  {
    id: 'allowed-targets-are-networks',
    title:
      'Every entry of targetPolicy.allow is a network or an address with an optional port, none of them in a range that nobody may reach.',
    covers: { 'POL-005': '0ea7d4ca', 'POL-014': 'a7f89d78' },
    profile: 'recorder',
    async run(t) {
      const { allow } = t.discovery.targetPolicy;
      const malformed = allow.filter((entry) => networkOf(entry) === undefined);
      t.equal('POL-005', 'entries that are no network with an optional port', malformed, []);
      const unreachable = allow.filter((entry) => {
        const network = networkOf(entry);
        return network !== undefined && reachOfNetwork(network.first, network.last) === 'nobody';
      });
      t.equal('POL-014', 'entries in a range that nobody may reach', unreachable, []);
      return Promise.resolve();
    },
  },
];

/** Where else than on loopback the same implementation answers on the same port of this machine; `undefined` if nowhere. */
async function reachedElsewhere(baseUrl: string, discovery: string): Promise<string | undefined> {
  const { hostname, protocol, port } = new URL(baseUrl);
  if (isIP(hostname) !== 0 && !LOOPBACK_HOST.test(hostname)) return baseUrl;
  // Behind a name may be a proxy, which says nothing about where the recorder listens.
  if (!LOOPBACK_HOST.test(hostname)) return undefined;
  const client = new HttpClient({ timeoutMs: 10_000, insecure: true });
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const urls = addresses
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => `${protocol}//${address}:${port}`);
  const found = await Promise.all(
    urls.map(async (url) => {
      const answer = await client
        .send({ method: 'GET', url: `${url}/.well-known/dispatchr` })
        .catch(() => undefined);
      return answer !== undefined && sameJson(answer.text, discovery) ? url : undefined;
    }),
  );
  client.close();
  return found.find((url) => url !== undefined);
}

function sameJson(text: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === other;
  } catch {
    return false;
  }
}

/** Reads an entry of `targetPolicy.allow`; `undefined` if it is none. */
function networkOf(
  entry: string,
): { first: ReturnType<typeof addressOf>; last: ReturnType<typeof addressOf> } | undefined {
  const withPort = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry);
  const network = withPort === null ? entry : (withPort[1] ?? withPort[2] ?? '');
  const [text = '', prefixText, ...rest] = network.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(text)] ?? 0;
  const prefix = Number(prefixText ?? bits);
  const isNetwork = bits > 0 && rest.length === 0 && /^\d{1,3}$/.test(prefixText ?? '0') && prefix <= bits;
  if (!isNetwork || Number(withPort?.[3] ?? 0) > 65_535) return undefined;
  // The URL parser writes an IPv4 address within an IPv6 one in hexadecimal.
  const plain = bits === 32 ? text : new URL(`http://[${text}]`).hostname.slice(1, -1);
  const first = addressOf(plain);
  return { first, last: lastOf(first, prefix) };
}
