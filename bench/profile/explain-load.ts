import { setTimeout as sleep } from 'node:timers/promises';
import { medianOf } from '../report/summary.ts';
import { fill } from '../scale/fill.ts';
import { measureDrain } from '../scale/measured-drain.ts';
import { pauseQueue } from '../scale/paused-queue.ts';
import { type Installation, openInstallation } from '../world/installation.ts';
import { openWorld } from '../world/open-world.ts';
import type { World } from '../world/world.ts';
import { type LoggedStatement, plansOfLog } from './plans-of-log.ts';
import { readStatementNames } from './statement-names.ts';

/** Settings with which a server writes the plan of every execution to its log. */
const LOGGING_PLANS = {
  shared_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  // Without the parameters, which are thousands of characters.
  'auto_explain.log_parameter_max_length': '0',
};

export interface ExplainOptions {
  /** Tasks of each state that lie in the tables. */
  readonly size: number;
  /** Tasks that are submitted and delivered while plans are logged. */
  readonly tasks: number;
}

/** Until all sweeps have run: schedulers take over lost leases after 15 seconds of contact with the database. */
const SWEEP_MS = 22_000;

/** Lays down tasks due, due tomorrow and finished, runs a load beside them, and answers with a plan of each statement. */
export async function explainLoad(options: ExplainOptions): Promise<string> {
  if (process.env['TEST_DATABASE_URL'] !== undefined) {
    throw new Error('expected a server of our own, whose log can be read, got TEST_DATABASE_URL: unset it');
  }
  const world = await openWorld(LOGGING_PLANS);
  try {
    const installation = await openInstallation({
      serverUrl: world.serverUrl,
      recorders: 1,
      schedulers: 0,
    });
    try {
      const from = await prepare(world, installation, options.size);
      await runLoad(world, installation, options.tasks);
      const log = world.serverLog.slice(from).join('');
      return plansOfLog(log, await readStatementNames())
        .map((statement) => describe(statement))
        .join('');
    } finally {
      await installation.close();
    }
  } finally {
    await world.close();
  }
}

function describe({ name, durationsMs, plan }: LoggedStatement): string {
  const [median, longest] = [medianOf(durationsMs), Math.max(...durationsMs)];
  const times = `median ${median.toFixed(2)} ms, longest ${longest.toFixed(2)} ms`;
  return `\n${name}: ${durationsMs.length} executions, ${times}\n${plan}\n`;
}

/** Answers with the number of pieces of log before the load. */
async function prepare(world: World & LoggedWorld, installation: Installation, size: number) {
  for (const state of ['finished', 'future', 'due'] as const) {
    const rows = { tasks: size, target: world.receiver.url, state };
    await fill(installation.sql, rows, (text) => world.note(text));
  }
  await installation.settle();
  return world.serverLog.length;
}

interface LoggedWorld {
  readonly serverLog: readonly string[];
}

async function runLoad({ load, receiver, note }: World, installation: Installation, tasks: number) {
  const url = `${installation.recorders[0]}/v1/tasks`;
  note(`submitting and draining ${tasks} tasks, with their plans logged`);
  await load.submit({ url, target: receiver.url, tasks, batch: 1, inFlight: 64 });
  await measureDrain(installation, receiver, 1, { tasks, warmUp: 1 });
  // Sweeps come late, and the backlog is not to be delivered meanwhile.
  await pauseQueue(installation.recorders[0] ?? '', 'default');
  await installation.startSchedulers(1);
  await sleep(SWEEP_MS);
  await installation.endSchedulers();
}
