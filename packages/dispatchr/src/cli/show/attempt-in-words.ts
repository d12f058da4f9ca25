import type { Attempt } from '@dispatchr/client';
import { durationInWords } from './durations.ts';

/** What became of an attempt that has no status, as the rest of a sentence that begins with the attempt. */
const FAULTS = new Map<string, string>([
  ['connection-refused', 'was refused the connection'],
  ['connection-reset', 'lost its connection'],
  ['connection-failed', 'could not connect'],
  ['name-not-resolved', 'could not look up the host name'],
  ['tls-failed', 'could not agree on TLS'],
  ['timeout', 'got no answer'],
  ['not-http', 'got an answer that is not HTTP'],
  ['target-blocked', 'was blocked by the target policy'],
  ['response-too-large', 'got a header section that is too large'],
  ['invalid-request', 'could not be sent as the task describes it'],
]);

/** How an attempt ended, as the rest of a sentence: "got 503 after 12 ms", "was refused the connection after 1 ms". */
export function attemptInWords({ outcome, status, errorCode, durationMs }: Attempt): string {
  if (outcome === 'released') return 'was given back by a scheduler that shut down';
  if (outcome === 'lease-lost') return 'was lost with its scheduler';
  const after = `after ${durationInWords(durationMs)}`;
  if (status !== undefined) return `got ${status} ${after}`;
  const fault = errorCode === undefined ? undefined : FAULTS.get(errorCode);
  return `${fault ?? `ended with ${errorCode ?? outcome}`} ${after}`;
}
