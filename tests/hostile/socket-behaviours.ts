import type { Socket } from 'node:net';

/** What a server does with a connection. */
export type Behaviour = (socket: Socket) => void;

/** Does something with each whole request; `index` counts those of its connection from 0. */
export function onRequest(answer: (socket: Socket, request: string, index: number) => void): Behaviour {
  return (socket) => {
    let unread = '';
    let index = 0;
    socket.on('data', (chunk: Buffer) => {
      unread += chunk.toString('latin1');
      // Every delivery here has a JSON object for a body, in which nothing is nested.
      if (!/\r\n\r\n[^]*\}$/.test(unread)) return;
      const request = unread;
      unread = '';
      answer(socket, request, index);
      index += 1;
    });
  };
}

/** Writes some bytes, one a character, as the answer to each request, and leaves the connection open. */
export const answersWith = (bytes: string): Behaviour =>
  onRequest((socket) => void socket.write(bytes, 'latin1'));

/** Writes the beginning, and then the drop every `everyMs` for as long as it can. */
export const dripsAfter = (beginning: string, drop: string, everyMs = 200): Behaviour =>
  onRequest((socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write(drop), everyMs);
    socket.on('close', () => clearInterval(timer));
  });

/** Does with each request what `pour` does. */
export const poursAfter = (beginning: string, chunk: string): Behaviour =>
  onRequest((socket) => pour(socket, beginning, chunk));

/** Writes the beginning, and then the chunk again and again, as fast as it is read. */
export function pour(socket: Socket, beginning: string, chunk: string): void {
  socket.write(beginning);
  const goOn = (): void => {
    while (!socket.destroyed && socket.write(chunk));
    if (!socket.destroyed) socket.once('drain', goOn);
  };
  goOn();
}

/** Ends the connection after some bytes. */
export const endsAfter = (bytes: string): Behaviour => onRequest((socket) => void socket.end(bytes));

/** Resets the connection after some bytes. */
export const resetsAfter = (bytes: string): Behaviour =>
  onRequest((socket) => {
    // In one turn with the write, the reset would overtake it.
    if (bytes !== '') socket.write(bytes, () => setImmediate(() => socket.resetAndDestroy()));
    else socket.resetAndDestroy();
  });

/** A whole response. */
export function response(status: number, body = '', headers = ''): string {
  return `HTTP/1.1 ${status} Whatever\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
