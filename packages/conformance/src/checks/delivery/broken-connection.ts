import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { type Answer, close, raw, reset } from '../../receiver/delivery.ts';
import { requireErrorCode, tryOnceAt } from './try-once.ts';

const STATUS_LINE = 'HTTP/1.1 200 OK\r\n';
const INTERIM = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
const ALL_CLASSES = { failOn: ['3xx', '4xx', '5xx'] };

/** Connections that break before an answer is there, and those that are never made. */
export const BROKEN_CONNECTION_CHECKS: readonly Check[] = [
  {
    id: 'connection-that-breaks-unanswered-is-reset',
    title: 'An attempt whose connection is reset or closed without an answer ends with `connection-reset`.',
    covers: { 'DLV-044': '1ca81fca', 'ANS-009': '4a6aed8d' },
    profile: 'core',
    run: (t) =>
      requireErrorCode(t, 'DLV-044', 'connection-reset', { 'a reset': reset, 'an orderly close': close }),
  },
  {
    id: 'connection-that-breaks-in-the-headers-is-reset',
    title:
      'A 2xx whose header section is cut off does not complete the task: it ends with `connection-reset`.',
    covers: { 'DLV-044': '1ca81fca', 'ANS-009': '4a6aed8d' },
    profile: 'core',
    run: (t) =>
      requireErrorCode(t, 'DLV-044', 'connection-reset', {
        'half a status line': raw('HTTP/1.1 2'),
        'a status line': raw(STATUS_LINE),
        'a status line and a reset': thenReset(STATUS_LINE),
        'some fields': raw(`${STATUS_LINE}Content-Length: 0\r\n`),
        'some fields and a reset': thenReset(`${STATUS_LINE}Content-Length: 0\r\nX-Half`),
      }),
  },
  {
    id: 'connection-that-breaks-after-interim-responses-is-reset',
    title: 'An attempt whose connection breaks after an interim response ends with `connection-reset`.',
    covers: { 'DLV-044': '1ca81fca', 'ANS-009': '4a6aed8d' },
    profile: 'core',
    run: (t) =>
      requireErrorCode(t, 'DLV-044', 'connection-reset', {
        'an interim response': raw(INTERIM),
        'an interim response and a reset': thenReset(INTERIM),
        'an interim response and a status line': raw(`${INTERIM}${STATUS_LINE}`),
      }),
  },
  {
    id: 'refused-connection-is-retryable',
    title: 'An attempt whose connection is refused is `retryable`, whatever `failOn` says.',
    covers: { 'ANS-009': '4a6aed8d' },
    profile: 'core',
    async run(t) {
      if (t.origins.isShared) t.lacks('all targets share one URL, so that none can refuse connections');
      // The port of a connection that goes out is free for no server, so that nobody else can listen there meanwhile.
      const receiver = await t.origins.listen();
      const outgoing = connect(receiver.port);
      await once(outgoing, 'connect');
      const port = outgoing.localPort ?? 0;
      const { attempt } = await tryOnceAt(t, `http://${t.origins.host}:${port}/refused`, {
        retry: ALL_CLASSES,
      });
      outgoing.destroy();
      t.matches('ANS-009', 'the attempt', attempt, { outcome: 'retryable', status: undefined });
    },
  },
  {
    id: 'unresolved-name-is-retryable',
    title: 'An attempt whose host name cannot be resolved is `retryable`, whatever `failOn` says.',
    covers: { 'ANS-009': '4a6aed8d' },
    profile: 'core',
    async run(t) {
      const timeoutMs = Math.min(t.discovery.limits.maxTimeoutMs, Math.ceil(t.timing.patienceMs / 2));
      const url = 'http://no-such-host.invalid/';
      const { attempt } = await tryOnceAt(t, url, { retry: ALL_CLASSES, timeoutMs });
      t.matches('ANS-009', 'the attempt', attempt, { outcome: 'retryable', status: undefined });
    },
  },
];

function thenReset(bytes: string): Answer {
  return async (wire) => {
    await wire.write(bytes);
    // A reset may overtake what was sent before it.
    await sleep(100);
    wire.reset();
  };
}
