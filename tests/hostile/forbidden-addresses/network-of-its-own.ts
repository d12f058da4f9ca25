import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Addresses that the network of its own has beside loopback, all of which somebody listens on. */
export const ADDRESSES = {
  metadata: '169.254.169.254',
  privateNetwork: '10.1.2.3',
  homeNetwork: '192.168.7.7',
  carrierNetwork: '100.64.3.2',
  metadataIpv6: 'fd00:ec2::254',
  allowed: '10.9.9.9',
} as const;

/** Names that its hosts file resolves. */
export const NAMES: Readonly<Record<string, readonly string[]>> = {
  'metadata.test': [ADDRESSES.metadata],
  'private.test': [ADDRESSES.privateNetwork],
  'home.test': [ADDRESSES.homeNetwork],
  'carrier.test': [ADDRESSES.carrierNetwork],
  'ipv6.test': [ADDRESSES.metadataIpv6],
  'mapped.test': [`::ffff:${ADDRESSES.metadata}`],
  'loopback.test': ['127.0.0.1'],
  'loopback-ipv6.test': ['::1'],
  'mixed.test': [ADDRESSES.allowed, ADDRESSES.privateNetwork],
  'mixed-families.test': [ADDRESSES.allowed, ADDRESSES.metadataIpv6],
  'allowed.test': [ADDRESSES.allowed],
};

/** Whether this machine lets us make networks: Linux, as root or with namespaces for users. */
export function canMakeNetworks(): boolean {
  try {
    execFileSync('unshare', [...NAMESPACES, 'sh', '-c', 'ip link set lo up'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** Runs a program of this folder in a network of its own, with its own hosts file, and answers with what it printed. */
export async function runInNetworkOfItsOwn(program: string, hostsFile: string): Promise<string> {
  const addresses = Object.values(ADDRESSES).map(
    (address) => `ip addr add ${address}/${address.includes(':') ? '128 nodad' : '32'} dev lo`,
  );
  const script = [
    'set -e',
    'ip link set lo up',
    ...addresses,
    'mount --bind "$1" /etc/hosts',
    'exec "$2" --conditions=@dispatchr/source "$3"',
  ].join('\n');
  const { stdout } = await promisify(execFile)(
    'unshare',
    [...NAMESPACES, 'sh', '-c', script, 'sh', hostsFile, process.execPath, program],
    { timeout: 170_000, env: { PATH: process.env['PATH'] } },
  );
  return stdout;
}

/** The lines of the hosts file. */
export const hostsText = (): string =>
  Object.entries({ localhost: ['127.0.0.1', '::1'], ...NAMES })
    .flatMap(([name, addresses]) => addresses.map((address) => `${address} ${name}\n`))
    .join('');

const NAMESPACES = ['--user', '--map-root-user', '--net', '--mount'];
