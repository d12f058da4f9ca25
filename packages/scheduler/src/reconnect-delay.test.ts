import { expect, it } from 'vitest';
import { reconnectDelayMs } from './reconnect-delay.ts';

const settings = { reconnectIntervalMs: 500, reconnectMaxIntervalMs: 5000 };

it('the distance between tries doubles up to the maximum', () => {
  expect([0, 1, 2, 3, 4, 9999].map((failures) => reconnectDelayMs(failures, settings, () => 0))).toEqual([
    500, 1000, 2000, 4000, 5000, 5000,
  ]);
});

it('a try comes up to a fifth earlier', () => {
  expect(reconnectDelayMs(0, settings, () => 1)).toBe(400);
});
