import { describe, expect, it } from 'vitest';
import { deliveryLine } from './delivery-line.ts';
import type { ReceivedDelivery } from './received-delivery.ts';

const plain = { width: undefined, colours: false };
const received: ReceivedDelivery = {
  at: new Date(2026, 10, 22, 12, 0, 1, 7).toISOString(),
  method: 'POST',
  path: '/tasks',
  signature: 'none',
  status: 500,
};

describe('deliveryLine', () => {
  it('says what was delivered and how it was answered', () => {
    const delivery = {
      ...received,
      taskId: 'order-1842',
      taskName: 'send-receipt',
      queue: 'critical',
      attempt: 1,
      attemptsLeft: 0,
      taskArgs: { to: 'world' },
    };
    expect(deliveryLine(delivery, plain)).toBe(
      '12:00:01.007  POST /tasks  500  order-1842  send-receipt  queue critical  attempt 1, 0 left  signature none  {"to":"world"}',
    );
  });

  it('says so of a request that is no delivery', () => {
    expect(deliveryLine({ ...received, body: 'hi' }, plain)).toBe(
      '12:00:01.007  POST /tasks  500  not a delivery: it has no Dispatchr-Task-Id  signature none  hi',
    );
  });

  it('cuts long content and escapes control characters', () => {
    const line = deliveryLine({ ...received, body: `\u001b[2J${'x'.repeat(500)}` }, plain);
    expect(line).toContain(String.raw`\u001b[2J`);
    expect(line).toMatch(/x{196}…$/);
  });
});
