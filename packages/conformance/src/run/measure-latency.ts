import type { Api } from './api.ts';
import type { Origins } from './origins.ts';
import { Unreachable } from './violation.ts';

const CANARIES = 20;

/** The worst time from a submit to its delivery among 20 canary tasks, in milliseconds. */
export async function measureLatency(
  api: Api,
  origins: Origins,
  queue: string,
  timeoutMs: number,
): Promise<number> {
  const latencies = await Promise.all(
    Array.from({ length: CANARIES }, () => oneLatency(api, origins, queue, timeoutMs)),
  );
  return Math.max(...latencies);
}

async function oneLatency(api: Api, origins: Origins, queue: string, timeoutMs: number): Promise<number> {
  const target = await origins.add([200]);
  const startedAtMs = performance.now();
  await api.submit({ target: target.url, taskName: 'canary', queue });
  const delivery = await target.received(1, timeoutMs);
  if (delivery === undefined) {
    throw new Unreachable(
      `expected each of ${CANARIES} canary tasks within ${timeoutMs} ms, got none of one: is the scheduler overloaded? A slow machine needs --latency-multiplier.`,
    );
  }
  return delivery.arrivedAtMs - startedAtMs;
}
