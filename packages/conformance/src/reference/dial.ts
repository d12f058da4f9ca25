import { lookup } from 'node:dns/promises';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { MutantId } from '../selftest/mutants/index.ts';
import { AttemptFault } from './answer-reader.ts';
import { forbiddenAddress } from './target-policy.ts';

/** Connects to a target, to an address that the policy allows and no other; throws an `AttemptFault`. Spec: POL-010 to POL-012. */
export async function dial(
  url: URL,
  adopt: (socket: Socket) => void,
  mutants: ReadonlySet<MutantId>,
): Promise<Socket> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = await addressesOf(host);
  for (const address of addresses) {
    const reason = forbiddenAddress(address);
    if (reason !== undefined && !mutants.has('names-dialled-unjudged'))
      throw new AttemptFault('target-blocked', reason);
  }
  let fault: unknown;
  for (const address of addresses) {
    try {
      return await dialAddress(url, host, address, adopt, mutants);
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  // As /etc/hosts of many systems has it, for the check of what a name may resolve to.
  if (host === 'ip6-allnodes') return ['ff02::1'];
  // RFC 6761: there is no such name, and some resolvers take seconds to say so.
  if (host.endsWith('.invalid'))
    throw new AttemptFault('name-not-resolved', `${host}: there is no such name`);
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  } catch (error) {
    throw new AttemptFault('name-not-resolved', `${host}: ${messageOf(error)}`);
  }
}

function dialAddress(
  url: URL,
  host: string,
  address: string,
  adopt: (socket: Socket) => void,
  mutants: ReadonlySet<MutantId>,
): Promise<Socket> {
  const rejectUnauthorized = !mutants.has('certificate-not-verified');
  const secure = url.protocol === 'https:';
  const port = Number(url.port === '' ? (secure ? 443 : 80) : url.port);
  const servername = isIP(host) === 0 ? host : '';
  const socket = secure
    ? connectSecure({ host: address, port, servername, ALPNProtocols: ['http/1.1'], rejectUnauthorized })
    : connectPlain({ host: address, port, noDelay: true });
  adopt(socket);
  let connected = false;
  socket.once('connect', () => (connected = true));
  return new Promise((resolve, reject) => {
    socket.once(secure ? 'secureConnect' : 'connect', () => resolve(socket));
    socket.on('error', (error) =>
      reject(new AttemptFault(codeOf(error, secure && connected), messageOf(error))),
    );
    socket.once('close', () =>
      reject(new AttemptFault(secure ? 'tls-failed' : 'connection-failed', 'closed')),
    );
  });
}

function codeOf(error: Error & { code?: string }, inHandshake: boolean): string {
  if (inHandshake) return 'tls-failed';
  if (error.code === 'ECONNREFUSED') return 'connection-refused';
  return error.code === 'ECONNRESET' ? 'connection-reset' : 'connection-failed';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
