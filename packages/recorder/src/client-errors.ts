import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { invalidRequest, problem, PROBLEM_CONTENT_TYPE } from './problems.ts';
import type { ProblemAnswer } from './problems.ts';

/** Where Node keeps the response that a socket is busy with; its own handler of client errors looks there too. */
const CURRENT_RESPONSE = '_httpMessage';

/** How long, in milliseconds, a sender has to read the answer before its connection is gone. */
const LINGER_MS = 250;

/** Answers what never became a request, with problem details, and closes the connection whatever the sender does. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || hasAnswerUnderway(socket)) {
    socket.destroy(error);
    return;
  }
  socket.end(responseText(problemOfClientError(error.code)));
  // Destroyed at once, a connection with unread bytes is reset and the answer lost. Read on, it would last for as
  // long as its sender drips, and what was refused could still become a request.
  socket.pause();
  socket.setTimeout(LINGER_MS, () => socket.destroy());
}

/** The problem for an error of Node's HTTP parser. */
export function problemOfClientError(code: string | undefined): ProblemAnswer {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('request-timeout', {
        detail: 'expected the whole request in time, got only a part of it',
      });
    case 'HPE_HEADER_OVERFLOW':
      return problem('header-fields-too-large', { detail: 'expected a smaller header section' });
    default:
      return invalidRequest([{ pointer: '', detail: 'expected a request of HTTP/1.1, got something else' }]);
  }
}

/** Bytes in the middle of a response would be taken for a part of it. */
function hasAnswerUnderway(socket: Socket & { [CURRENT_RESPONSE]?: ServerResponse }): boolean {
  return socket[CURRENT_RESPONSE]?.headersSent ?? false;
}

function responseText({ status, body }: ProblemAnswer): string {
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
