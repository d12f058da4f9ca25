import type { ErrorCode } from '@dispatchr/contract';
import { DialError } from './dial-error.ts';

/** Names what kept a status line from arriving, for the attempt's record. */
export function errorCodeOf(error: Error): ErrorCode {
  if (error instanceof DialError) return error.errorCode;
  if (error.name === 'HTTPParserError') return 'not-http';
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return 'tls-failed';
  if (code === 'UND_ERR_SOCKET') return UNASKED_ANSWERS.has(error.message) ? 'not-http' : 'connection-reset';
  return CODES[code] ?? 'connection-failed';
}

/** What undici says of a 100 without `Expect` and of a 101 without `Upgrade`. */
const UNASKED_ANSWERS = new Set(['bad response', 'bad upgrade']);

const CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-reset',
  UND_ERR_HEADERS_OVERFLOW: 'response-too-large',
  // Before the status is known this means contradictory lengths in the header section.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'not-http',
  UND_ERR_INVALID_ARG: 'invalid-request',
  UND_ERR_NOT_SUPPORTED: 'invalid-request',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'invalid-request',
  ERR_INVALID_URL: 'invalid-request',
  // An assertion of undici's parser: the answer came in an order that HTTP does not know.
  ERR_ASSERTION: 'not-http',
};
