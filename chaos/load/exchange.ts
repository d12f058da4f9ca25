import type { ServerResponse } from 'node:http';
import type { Answered } from '../events.ts';
import type { Reaction } from './behaviours.ts';

/** What became of a request, without what says which request it was. */
export type ExchangeEnd = Pick<Answered, 'status' | 'retryAfterMs' | 'how'>;

/**
 * Does with a request what the reaction says, and tells what became of it. An answer counts once its header section
 * was handed to the operating system, so that whoever reads a 2xx finds it here too.
 */
export async function react(reaction: Reaction, response: ServerResponse): Promise<ExchangeEnd> {
  if (reaction.do === 'answer') await pause(reaction.afterMs, response);
  if (response.destroyed) return { how: 'cut' };
  switch (reaction.do) {
    case 'answer':
      return answer(reaction, response);
    case 'answer-short':
      return answerShort(reaction.status, response);
    case 'reset':
      return reset(reaction.when, response);
    case 'hang':
    case 'poison':
      return new Promise((resolve) => void response.once('close', () => resolve({ how: 'cut' })));
  }
}

/** Waits, or less if the other side goes away. */
function pause(ms: number, response: ServerResponse): Promise<void> | undefined {
  if (ms === 0) return undefined;
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      response.off('close', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    response.once('close', over);
  });
}

function answer(given: Reaction & { do: 'answer' }, response: ServerResponse): Promise<ExchangeEnd> {
  const { status, retryAfterMs } = given;
  if (retryAfterMs !== undefined) response.setHeader('retry-after', retryAfterMs / 1000);
  if (status >= 300 && status < 400) response.setHeader('location', 'http://127.0.0.1:1/elsewhere');
  return new Promise((resolve) => {
    // Whichever comes first; `finish` says that every byte was handed over.
    const said = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    response.once('finish', () => resolve({ ...said, how: 'answered' }));
    response.once('close', () => resolve({ how: 'cut' }));
    response.writeHead(status).end();
  });
}

function answerShort(status: number, response: ServerResponse): Promise<ExchangeEnd> {
  return new Promise((resolve) => {
    response.once('close', () => resolve({ how: 'cut' }));
    const text = `HTTP/1.1 ${status} OK\r\nContent-Length: 100\r\n\r\nless than that`;
    response.socket?.end(text, () => resolve({ status, how: 'answered' }));
  });
}

function reset(when: (Reaction & { do: 'reset' })['when'], { socket }: ServerResponse): ExchangeEnd {
  if (when === 'before-status') socket?.resetAndDestroy();
  else socket?.write('HTTP/1.1 200 OK\r\nContent-Type: text/pl', () => void socket.resetAndDestroy());
  return { how: 'reset' };
}
