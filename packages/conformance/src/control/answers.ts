import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '../http/http-client.ts';

const POLL_MS = 50;

/** True if anything answers at a URL: any status will do. */
export async function answers(url: string, insecure: boolean): Promise<boolean> {
  const client = new HttpClient({ timeoutMs: 2000, insecure });
  try {
    await client.send({ method: 'GET', url });
    return true;
  } catch {
    return false;
  } finally {
    client.close();
  }
}

/** Waits until `isThere` holds; answers false if it does not within `timeoutMs`. */
export async function eventually(
  isThere: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isThere())) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
