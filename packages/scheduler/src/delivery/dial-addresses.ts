import { connect, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { DialError, tcpError } from './dial-error.ts';

/** How long one address is tried alone before the next one is tried beside it, in milliseconds (RFC 8305). */
export const HEAD_START_MS = 250;

/**
 * Opens a TCP connection to whichever of the addresses answers first, each with a head start over the next.
 * Rejects with the `DialError` of the first address when all fail, or when `signal` aborts.
 */
export function dialAddresses(
  addresses: readonly string[],
  port: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    let next = 0;
    let firstError: DialError | undefined;
    let cancelHeadStart = (): void => {};

    const finish = (winner: Socket | undefined, error?: DialError): void => {
      cancelHeadStart();
      signal.removeEventListener('abort', onAbort);
      for (const socket of open) if (socket !== winner) socket.destroy();
      open.clear();
      if (winner === undefined)
        reject(error ?? new DialError('connection-failed', 'expected an address to dial, got none'));
      else resolve(winner);
    };
    const onAbort = (): void =>
      finish(undefined, new DialError('connection-failed', 'the dial was given up'));
    const tryNext = (): void => {
      cancelHeadStart();
      const address = addresses[next++];
      if (address === undefined) {
        if (open.size === 0) finish(undefined, firstError);
        return;
      }
      const socket = connect({ host: address, port, noDelay: true, keepAlive: true });
      open.add(socket);
      socket.once('connect', () => {
        if (open.has(socket)) finish(socket);
      });
      // Stays for good: an error of a socket that lost the race must not end the process.
      socket.on('error', (error) => {
        if (!open.delete(socket)) return;
        firstError ??= tcpError(error);
        tryNext();
      });
      if (next < addresses.length) cancelHeadStart = clock.timer(HEAD_START_MS, tryNext);
    };

    if (signal.aborted) onAbort();
    else {
      signal.addEventListener('abort', onAbort);
      tryNext();
    }
  });
}
