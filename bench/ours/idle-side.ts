import { setTimeout as sleep } from 'node:timers/promises';
import { openInstallation } from '../world/installation.ts';
import type { Submission } from '../world/load.ts';
import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import { delayFigures } from './start-delay.ts';
import { openStatementCounter } from './statement-counter.ts';
import { untilFinished } from './until-finished.ts';

/** Until what schedulers do at their start, or after a task, is over. */
const QUIET_MS = 5000;
const IDLE_MS = 20_000;
const TASKS = 20;

/** A recorder and two schedulers without work, and how soon they start a task that comes then. */
export async function openIdleSide({ serverUrl, receiver, load, note }: World): Promise<Side> {
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 2 });
  const counter = await openStatementCounter(serverUrl, installation.databaseUrl);
  if (counter.unit === 'transactions') {
    note(
      '  pg_stat_statements is not there: transactions are counted, which are single statements when idle',
    );
  }
  const submission: Submission = {
    url: `${installation.recorders[0]}/v1/tasks`,
    target: receiver.url,
    tasks: TASKS,
    batch: 1,
    inFlight: 1,
    perSecond: 1,
    irregular: true,
  };
  return {
    name: 'dispatchr, 1 recorder + 2 schedulers',
    async play() {
      await untilFinished(installation);
      await sleep(QUIET_MS);
      const before = await counter.count();
      await sleep(IDLE_MS);
      const perSecond = ((await counter.count()) - before) / (IDLE_MS / 1000);
      const delays = receiver.delays(TASKS);
      await load.submit(submission);
      return { 'statements a second': perSecond, ...delayFigures(await delays) };
    },
    async close() {
      await counter.close();
      await installation.close();
    },
  };
}
