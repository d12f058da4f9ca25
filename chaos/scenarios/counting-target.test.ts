import { expect, it, onTestFinished } from 'vitest';
import { startCountingTarget } from './counting-target.ts';

it('counts each task once, and what comes again apart', async () => {
  const target = await startCountingTarget(3);
  onTestFinished(() => target.close());
  const all = target.reached(3);
  for (const number of [0, 2, 2, 1]) {
    const answer = await fetch(target.url, { method: 'POST', headers: { 'chaos-token': String(number) } });
    expect(answer.status).toBe(204);
  }
  await all;
  expect(target.delivered()).toBe(3);
  expect(target.duplicates()).toBe(1);
});
