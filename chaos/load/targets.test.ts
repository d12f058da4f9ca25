import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answered, Received, TargetEvent } from '../events.ts';
import { SIGNING_SECRET } from './signature.ts';
import { type Targets, startTargets } from './targets.ts';

describe('targets', () => {
  let events: TargetEvent[];
  let targets: Targets;
  beforeEach(async () => {
    events = [];
    targets = await startTargets({
      write: (event) => void events.push(event),
      close: () => Promise.resolve(),
    });
  });
  afterEach(() => targets.close());

  it('log what arrived, with its hash and whether it was signed, and what they answered', async () => {
    expect((await deliver('/ok', 1)).status).toBe(204);
    expect(events[0]).toMatchObject({
      kind: 'received',
      token: 't',
      taskId: 'task',
      attempt: 1,
      path: '/ok',
    });
    expect(events[0]).toMatchObject({ signatureIsValid: true, method: 'POST' });
    expect(events[1]).toMatchObject({ kind: 'answered', how: 'answered', status: 204 });
    expect(targets.delivered()).toBe(1);
  });

  it('see through a signature over other bytes', async () => {
    await deliver('/ok', 1, 'other');
    expect(events[0]).toMatchObject({ signatureIsValid: false });
  });

  it('fail as many attempts as the path says', async () => {
    expect((await deliver('/flaky/1', 1)).status).toBe(503);
    expect((await deliver('/flaky/1', 2)).status).toBe(200);
  });

  it('log the length of a Retry-After', async () => {
    const answer = await deliver('/retry-after/3', 1);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(events[1]).toMatchObject({ status: 503, retryAfterMs: 3000 });
  });

  it('reset inside the header section without an answer that could count', async () => {
    await expect(deliver('/reset-in-headers', 1)).rejects.toThrow('fetch failed');
    expect(ended()).toEqual([expect.objectContaining({ how: 'reset' })]);
    expect(ended()[0]).not.toHaveProperty('status');
  });

  it('answer with a whole header section and a body that ends early', async () => {
    const answer = await deliver('/short-body', 1);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(ended()).toEqual([expect.objectContaining({ how: 'answered', status: 200 })]);
  });

  it('log a request that was given up as cut', async () => {
    const giveUp = new AbortController();
    targets.onReceived(() => giveUp.abort());
    await expect(deliver('/hang/1', 1, undefined, giveUp.signal)).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(ended()).toEqual([expect.objectContaining({ how: 'cut' })]));
  });

  it('refuse connections while they are down, and cut what was under way as a reset of their own', async () => {
    targets.onReceived(() => void targets.setDown('healthy-1', true));
    await expect(deliver('/slow/60000', 1)).rejects.toThrow('fetch failed');
    await expect(deliver('/ok', 1)).rejects.toThrow('fetch failed');
    await vi.waitFor(() => expect(ended()).toEqual([expect.objectContaining({ how: 'reset' })]));
    targets.onReceived(() => undefined);
    await targets.setDown('healthy-1', false);
    expect((await deliver('/ok', 1)).status).toBe(204);
  });

  it('hand a poison task to whoever asked for it, and answer it otherwise', async () => {
    expect((await deliver('/poison/1', 1)).status).toBe(200);
    const giveUp = new AbortController();
    const poisoned: unknown[] = [];
    targets.onPoison(({ taskId }) => {
      poisoned.push(taskId);
      giveUp.abort();
    });
    await expect(deliver('/poison/1', 1, undefined, giveUp.signal)).rejects.toThrow('aborted');
    expect(poisoned).toEqual(['task']);
  });

  function ended(): Answered[] {
    return events.filter((event) => event.kind === 'answered');
  }

  function deliver(path: string, attempt: number, signed = 'body', signal: AbortSignal | null = null) {
    const key = Buffer.from(SIGNING_SECRET.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`task.1.${signed}`).digest('base64');
    const headers = {
      'chaos-token': 't',
      'dispatchr-task-id': 'task' satisfies Received['taskId'],
      'dispatchr-attempt': String(attempt),
      'dispatchr-attempts-left': '3',
      'webhook-id': 'task',
      'webhook-timestamp': '1',
      'webhook-signature': `v1,${signature}`,
    };
    return fetch(`${targets.origin('healthy-1')}${path}`, { method: 'POST', headers, body: 'body', signal });
  }
});
