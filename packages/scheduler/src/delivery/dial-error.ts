import type { ErrorCode } from '@dispatchr/contract';

/** No usable connection to the target came about; nothing was sent. */
export class DialError extends Error {
  readonly errorCode: ErrorCode;

  constructor(errorCode: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DialError';
    this.errorCode = errorCode;
  }
}

/** The dial error for a failed TCP connection, by its system error code. */
export function tcpError(cause: Error): DialError {
  return new DialError(
    TCP_CODES[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'connection-failed',
    cause.message,
    {
      cause,
    },
  );
}

const TCP_CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-reset',
};
