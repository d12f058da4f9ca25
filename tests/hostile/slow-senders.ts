import { connect, type Socket } from 'node:net';

/** A kind of sender that never gets its request to the end. */
export interface SlowSender {
  readonly name: string;
  /** What it sends at once. */
  readonly beginning: string;
  /** What it sends every second from then on. */
  readonly drop: string;
}

const SUBMIT = 'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

/** All kinds, so that their senders can be dealt out in turn. */
export const SLOW_SENDERS: readonly SlowSender[] = [
  { name: 'sends nothing', beginning: '', drop: '' },
  { name: 'stops in its headers', beginning: SUBMIT, drop: '' },
  { name: 'drips headers', beginning: SUBMIT, drop: 'X-Drip: 1\r\n' },
  { name: 'stops in its body', beginning: `${SUBMIT}Content-Length: 9999\r\n\r\n{`, drop: '' },
  { name: 'drips its body', beginning: `${SUBMIT}Content-Length: 9999\r\n\r\n{`, drop: ' ' },
  {
    name: 'drips chunks',
    beginning: `${SUBMIT}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    drop: '1\r\n \r\n',
  },
];

/** What became of a sender. */
export interface SenderEnd {
  readonly name: string;
  /** Milliseconds from its connection to the end of it, as the sender saw it. */
  readonly afterMs: number;
  /** What the recorder answered. */
  readonly answer: string;
}

/** Opens the connection; `ended` resolves when the recorder ends it. The sender itself never closes its side. */
export async function startSlowSender(
  url: string,
  kind: SlowSender,
): Promise<{ ended: Promise<SenderEnd>; close(): void }> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const startedMs = performance.now();
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  socket.write(kind.beginning);
  const timer = setInterval(() => socket.write(kind.drop), 1000);
  const ended = new Promise<SenderEnd>((resolve) => {
    const end = (): void => {
      resolve({ name: kind.name, afterMs: performance.now() - startedMs, answer });
    };
    socket.once('end', end).once('close', end).on('error', end);
  });
  return {
    ended,
    close() {
      clearInterval(timer);
      socket.destroy();
    },
  };
}

/** Connections opened at a time: more than wait in the queue of a listening socket are dropped without a word. */
const AT_ONCE = 200;

/** Opens connections of these kinds, in their order, none before the server has taken those of the step before. */
export async function startSlowSenders(url: string, kinds: readonly SlowSender[]) {
  const senders: Awaited<ReturnType<typeof startSlowSender>>[] = [];
  for (let from = 0; from < kinds.length; from += AT_ONCE) {
    senders.push(
      ...(await Promise.all(kinds.slice(from, from + AT_ONCE).map((kind) => startSlowSender(url, kind)))),
    );
    await untilTaken(url);
  }
  return senders;
}

/** Resolves when a connection of its own is answered: the queue is served in order. */
async function untilTaken(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('close', () => resolve());
    socket.resume().end('GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  });
}
