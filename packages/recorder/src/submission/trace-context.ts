import type { IncomingHttpHeaders } from 'node:http';

/** Version 00 ends after the flags; what a later version adds follows a dash. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:(?<!^00.*)-[\x20-\x7e]*)?$/;

/** The W3C trace context of a submit, which is carried on; both headers are dropped if `traceparent` is malformed. */
export function traceContextOf(headers: IncomingHttpHeaders): { traceparent?: string; tracestate?: string } {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return {};
  return typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
}
