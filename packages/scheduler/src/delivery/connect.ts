import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from 'node:tls';
import type { Clock } from '../clock.ts';
import { dialAddresses } from './dial-addresses.ts';
import { DialError } from './dial-error.ts';

/** Resolves a host name to all its addresses, as `dns.promises.lookup` with `all: true` does. */
export type Lookup = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

/** Whether the target policy allows a connection to this very address. */
export type AddressCheck = (
  address: string,
  port: number,
) => { allowed: true } | { allowed: false; detail: string };

/** What `createConnect` needs. */
export interface ConnectOptions {
  lookup: Lookup;
  checkAddress: AddressCheck;
  clock: Clock;
  /** Extra trust, for instance `ca`; certificates are verified whatever is given here. */
  tls?: SecureContextOptions;
}

/** Connects to the host of a URL; rejects with a `DialError`, also when `signal` aborts. */
export type Connect = (url: URL, signal: AbortSignal) => Promise<Socket>;

/**
 * A connector that resolves a name once, checks every answer, and dials only what it has checked.
 * One forbidden answer blocks the target: which of them a client would pick is left to chance otherwise.
 */
export function createConnect(options: ConnectOptions): Connect {
  const lookup = shareLookups(options.lookup);
  return async (url, signal) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const addresses = await addressesOf(host, lookup, signal);
    for (const address of addresses) assertAllowed(options.checkAddress, address, port);
    const socket = await dialAddresses(addresses, port, options.clock, signal);
    assertPeerAllowed(options.checkAddress, socket, port);
    return url.protocol === 'https:' ? startTls(socket, host, options.tls, signal) : socket;
  };
}

/** A literal address never passes through a lookup, so it must come out here to be checked like the others. */
async function addressesOf(host: string, lookup: Lookup, signal: AbortSignal): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const answers = await unlessAborted(lookup(host), signal);
  if (answers.length === 0) throw new DialError('name-not-resolved', `${host} has no address`);
  return alternateFamilies(answers);
}

/** Keeps the resolver's order within a family and alternates the families (RFC 8305, section 4). */
function alternateFamilies(answers: readonly { address: string; family: number }[]): string[] {
  const first = answers.filter((answer) => answer.family === answers[0]?.family);
  const other = answers.filter((answer) => answer.family !== answers[0]?.family);
  const longer = Math.max(first.length, other.length);
  const mixed = Array.from({ length: longer }, (_, index) => [first[index], other[index]]).flat();
  return mixed.flatMap((answer) => (answer === undefined ? [] : [answer.address]));
}

function assertAllowed(checkAddress: AddressCheck, address: string, port: number): void {
  const checked = checkAddress(address, port);
  if (!checked.allowed) throw new DialError('target-blocked', checked.detail);
}

function assertPeerAllowed(checkAddress: AddressCheck, socket: Socket, port: number): void {
  try {
    // Undefined: the peer is gone already, and the first read of the socket will say so.
    if (socket.remoteAddress !== undefined) assertAllowed(checkAddress, socket.remoteAddress, port);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function startTls(
  socket: Socket,
  host: string,
  tls: SecureContextOptions | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // A server name must not be a literal address (RFC 6066); `host` still is what the certificate must name.
    const servername = isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {};
    const secure = connectTls({
      ...tls,
      ...servername,
      socket,
      host,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true,
    });
    const fail = (message: string, cause?: Error): void => {
      signal.removeEventListener('abort', onAbort);
      secure.destroy();
      socket.destroy();
      reject(new DialError('tls-failed', message, { cause }));
    };
    const onAbort = (): void => fail('the TLS handshake was given up');
    secure.once('secureConnect', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(secure);
    });
    secure.on('error', (error) => fail(error.message, error));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}

/** Lookups of one name that run at the same time share one answer: Node resolves at most four names at a time. */
function shareLookups(lookup: Lookup): Lookup {
  const running = new Map<string, ReturnType<Lookup>>();
  return (hostname) => {
    const known = running.get(hostname);
    if (known !== undefined) return known;
    const started = lookup(hostname)
      .catch((cause: unknown) => {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new DialError('name-not-resolved', message, { cause });
      })
      .finally(() => running.delete(hostname));
    running.set(hostname, started);
    return started;
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(new DialError('name-not-resolved', 'the name was not resolved in time'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
