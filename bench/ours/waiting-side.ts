import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { openInstallation } from '../world/installation.ts';
import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { openStatementCounter } from './statement-counter.ts';

/** Submits that wait at the same time, for how long, and when they are counted, in milliseconds. */
const WAITING = 1000;
const WAIT_S = 15;
const SETTLE_MS = 4000;
const COUNTED_MS = 8000;

/** Submits that wait for tasks of tomorrow: what waiting costs by itself. */
export async function openWaitingSide({ serverUrl, receiver }: World): Promise<Side> {
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 1 });
  const counter = await openStatementCounter(serverUrl, installation.databaseUrl);
  const pool = new Pool(installation.recorders[0] ?? '', { connections: WAITING });
  const body = JSON.stringify({ target: receiver.url, taskName: 'bench', delayMs: 86_400_000 });
  const headers = { 'content-type': 'application/json', prefer: `wait=${WAIT_S}` };
  const submit = async (): Promise<void> => {
    const answer = await pool.request({ method: 'POST', path: '/v1/tasks', headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 201) throw new Error(`expected 201, got ${answer.statusCode}`);
  };
  const perSecond = async (): Promise<number> => {
    await sleep(SETTLE_MS);
    const before = await counter.count();
    await sleep(COUNTED_MS);
    return ((await counter.count()) - before) / (COUNTED_MS / 1000);
  };
  return {
    name: `dispatchr, ${WAITING} waiting`,
    async play() {
      // No vacuum before: its transactions would be reported, and counted, ten seconds later.
      const idle = await perSecond();
      const answers = Promise.all(Array.from({ length: WAITING }, submit));
      const waiting = await perSecond();
      await answers;
      return { 'statements a second': waiting, 'of which without them': idle };
    },
    async close() {
      await pool.close();
      await counter.close();
      await installation.close();
    },
  };
}
