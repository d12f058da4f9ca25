import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { parseTargetPolicy, checkAddress } from '@dispatchr/lifecycle';
import { CERTIFICATES } from '@dispatchr/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { startRawTarget } from '../testing/raw-target.ts';
import { realClock } from '../testing/real-clock.ts';
import { createConnect, type ConnectOptions } from './connect.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const policy = parseTargetPolicy({ allow: [], listensOnLoopback: true });
const never = new AbortController().signal;

function connector(options: Partial<ConnectOptions> & { answers?: Record<string, string[]> } = {}) {
  const asked: string[] = [];
  const checked: string[] = [];
  const connect = createConnect({
    lookup: async (hostname) => {
      asked.push(hostname);
      const addresses = options.answers?.[hostname];
      if (addresses === undefined)
        throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' });
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
    checkAddress: (address, port) => {
      checked.push(`${address} ${port}`);
      return checkAddress(policy, address, port);
    },
    clock: realClock,
    ...options,
  });
  return { asked, checked, dial: (url: string, signal = never) => connect(new URL(url), signal) };
}

async function listening() {
  let greet: (socket: Socket) => void = () => {};
  const greeted = new Promise<Socket>((resolve) => (greet = resolve));
  const target = await startRawTarget(
    () => {},
    (socket) => greet(socket),
  );
  cleanUps.push(() => target.close());
  return { ...target, greeted };
}

describe('the target policy', () => {
  it.each([
    ['a literal IPv4 address', 'http://169.254.169.254/latest'],
    ['an IPv4 address in disguise', 'http://0xa9fea9fe/latest'],
    ['a literal IPv6 address', 'http://[fd00:ec2::254]/'],
    ['an IPv4 address mapped into IPv6', 'http://[::ffff:169.254.169.254]/'],
    ['the unspecified address', 'http://0.0.0.0/'],
  ])('blocks %s, which no lookup ever sees', async (_name, url) => {
    const { dial, asked } = connector();
    await expect(dial(url)).rejects.toMatchObject({ errorCode: 'target-blocked' });
    expect(asked).toEqual([]);
  });

  it('lets no connection be opened to a literal address that it forbids', async () => {
    const { port, sockets, greeted } = await listening();
    const closed = parseTargetPolicy({ allow: [], listensOnLoopback: false });
    const { dial } = connector({
      checkAddress: (address, dialled) => checkAddress(closed, address, dialled),
    });
    await expect(dial(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ errorCode: 'target-blocked' });
    // Connections are accepted in the order in which they came.
    const { dial: dialAllowed } = connector();
    const allowed = await dialAllowed(`http://127.0.0.1:${port}/`);
    await greeted;
    expect(sockets.map(({ remotePort }) => remotePort)).toEqual([allowed.localPort]);
    allowed.destroy();
  });

  it('blocks a name as soon as one of its answers is forbidden, whatever its place and family', async () => {
    const { port, sockets } = await listening();
    const { dial } = connector({ answers: { 'evil.test': ['127.0.0.1', 'fe80::1'] } });
    await expect(dial(`http://evil.test:${port}/`)).rejects.toMatchObject({ errorCode: 'target-blocked' });
    expect(sockets).toHaveLength(0);
  });

  it('is asked about each answer and about the peer, and the name is resolved once', async () => {
    const { port } = await listening();
    const { dial, asked, checked } = connector({ answers: { 'app.test': ['127.0.0.1', '127.0.0.2'] } });
    const socket = await dial(`http://app.test:${port}/`);
    socket.destroy();
    expect(asked).toEqual(['app.test']);
    expect(checked).toEqual([`127.0.0.1 ${port}`, `127.0.0.2 ${port}`, `127.0.0.1 ${port}`]);
  });

  it('blocks a peer that is not what was dialled', async () => {
    const { port, closed } = await listening();
    let calls = 0;
    const { dial } = connector({
      checkAddress: () => (++calls === 1 ? { allowed: true } : { allowed: false, detail: 'not this one' }),
    });
    await expect(dial(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ errorCode: 'target-blocked' });
    await closed(0);
  });
});

describe('dialling', () => {
  it('goes on to the next address when one refuses', async () => {
    const { port } = await listening();
    const { dial } = connector({ answers: { 'app.test': ['::1', '127.0.0.1'] } });
    const socket = await dial(`http://app.test:${port}/`);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('says why the first address failed when all fail', async () => {
    const target = await startRawTarget(() => {});
    await target.close();
    const { dial } = connector({ answers: { 'app.test': ['127.0.0.1', '127.0.0.2'] } });
    await expect(dial(`http://app.test:${target.port}/`)).rejects.toMatchObject({
      errorCode: 'connection-refused',
      message: expect.stringContaining('127.0.0.1'),
    });
  });

  it('says so when a name has no address', async () => {
    await expect(connector().dial('http://nowhere.test/')).rejects.toMatchObject({
      errorCode: 'name-not-resolved',
    });
    const { dial } = connector({ answers: { 'empty.test': [] } });
    await expect(dial('http://empty.test/')).rejects.toMatchObject({ errorCode: 'name-not-resolved' });
  });

  it('is given up while the name is being resolved', async () => {
    const over = new AbortController();
    const { dial } = connector({ lookup: () => new Promise(() => over.abort()) });
    await expect(dial('http://slow.test/', over.signal)).rejects.toMatchObject({
      errorCode: 'name-not-resolved',
    });
  });

  it('shares one lookup among those that come at the same time', async () => {
    const { port } = await listening();
    const { dial, asked } = connector({ answers: { 'app.test': ['127.0.0.1'] } });
    const sockets = await Promise.all([1, 2, 3].map(() => dial(`http://app.test:${port}/`)));
    for (const socket of sockets) socket.destroy();
    expect(asked).toEqual(['app.test']);
  });
});

describe('TLS', () => {
  async function tlsTarget(name: keyof typeof CERTIFICATES) {
    const server = createTlsServer(CERTIFICATES[name], (socket) => socket.on('error', () => {}));
    server.on('tlsClientError', () => {});
    const servername = new Promise((resolve) => {
      server.once('secureConnection', (socket) => resolve(socket.servername));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUps.push(() => server.close());
    return { port: (server.address() as AddressInfo).port, servername };
  }
  const answers = { 'app.test': ['127.0.0.1'], 'other.test': ['127.0.0.1'] };

  it('names the host and accepts a certificate for it', async () => {
    const { port, servername } = await tlsTarget('valid');
    const { dial } = connector({ answers, tls: { ca: CERTIFICATES.valid.cert } });
    const socket = await dial(`https://app.test:${port}/`);
    expect(await servername).toBe('app.test');
    socket.destroy();
  });

  it('accepts a certificate for a literal address', async () => {
    const { port } = await tlsTarget('valid');
    const { dial } = connector({ tls: { ca: CERTIFICATES.valid.cert } });
    const socket = await dial(`https://127.0.0.1:${port}/`);
    expect(socket.remotePort).toBe(port);
    socket.destroy();
  });

  it.each([
    ['self-signed', 'app.test', 'valid', false],
    ['for another host', 'other.test', 'valid', true],
    ['expired', 'app.test', 'expired', true],
  ] as const)('refuses a certificate that is %s', async (_name, host, name, trusted) => {
    const { port } = await tlsTarget(name);
    const { dial } = connector({ answers, ...(trusted ? { tls: { ca: CERTIFICATES[name].cert } } : {}) });
    await expect(dial(`https://${host}:${port}/`)).rejects.toMatchObject({ errorCode: 'tls-failed' });
  });

  it('is given up when the handshake hangs, and the connection is closed', async () => {
    const { port, closed } = await listening();
    const over = new AbortController();
    const { dial } = connector({
      answers,
      checkAddress: () => {
        setTimeout(() => over.abort(), 50);
        return { allowed: true };
      },
    });
    await expect(dial(`https://app.test:${port}/`, over.signal)).rejects.toMatchObject({
      errorCode: 'tls-failed',
    });
    await closed(0);
  });
});
