import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTemplate, dropDatabase, startPostgresServer } from '@dispatchr/testkit';
import { startReceiver } from './world/receiver.ts';
import { type Ratio, ratioOf } from './drain-ab/ratio.ts';
import { type Drain, openSide, type Side, type Work } from './drain-ab/side.ts';
import { layOut, WORKING_TREE } from './drain-ab/source-tree.ts';

const HELP = `Drains the same backlog with two source trees in turn, and compares throughput and CPU a task.

  npm run bench:ab                              the working tree against a2d7d10, before flow control
  npm run bench:ab -- --base HEAD               against another commit
  npm run bench:ab -- --new HEAD --base HEAD    the same on both sides: how much is noise
  npm run bench:ab -- --limits                  the new side has limits that do not bind
  npm run bench:ab -- --flow-keys 100           the tasks belong to so many flow keys
  npm run bench:ab -- --rounds 15 --tasks 20000 --warm-up 5000 --json drain-ab.json
  TEST_DATABASE_URL=… npm run bench:ab          on a server of your own
`;

/** What is compared of two drains. */
const FIGURES: Readonly<Record<string, (drain: Drain) => number>> = {
  'tasks a second': ({ tasksPerSecond }) => tasksPerSecond,
  'CPU a task, scheduler': ({ schedulerCpuUs }) => schedulerCpuUs,
  'CPU a task, PostgreSQL': ({ databaseCpuUs }) => databaseCpuUs,
  'CPU a task, both': ({ schedulerCpuUs, databaseCpuUs }) => schedulerCpuUs + databaseCpuUs,
};

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: 'a2d7d10' },
    new: { type: 'string', default: WORKING_TREE },
    rounds: { type: 'string', default: '15' },
    tasks: { type: 'string', default: '20000' },
    'warm-up': { type: 'string', default: '5000' },
    'flow-keys': { type: 'string', default: '0' },
    limits: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await compare();

interface Round {
  readonly base: Drain;
  readonly new: Drain;
}

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dispatchr-ab-'));
  const postgres = await startPostgresServer();
  const target = await startReceiver();
  const work: Work = {
    target,
    tasks: Number(values.tasks),
    warmUp: Number(values['warm-up']),
    flowKeys: Number(values['flow-keys']),
  };
  const opened: (Side & { database: string })[] = [];
  try {
    for (const name of ['base', 'new'] as const) {
      note(`laying out ${name}: ${values[name]}`);
      await layOut(values[name], join(folder, name));
      const { name: database } = await createTemplate(postgres.url, () => Promise.resolve());
      const side = await openSide(name, join(folder, name), urlOf(postgres.url, database));
      opened.push({ ...side, database });
      if (name === 'new' && values.limits) await setLimits(side.recorder);
    }
    const [base, next] = opened;
    if (base !== undefined && next !== undefined) await report(await measure(base, next, work));
  } finally {
    for (const side of opened) {
      await side.close();
      await dropDatabase(postgres.url, side.database);
    }
    await target.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The sides in turn; who comes first changes with every round. Round 0 warms up the machine and does not count. */
async function measure(base: Side, next: Side, work: Work): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let number = 0; number <= Number(values.rounds); number += 1) {
    const drains = new Map<Side, Drain>();
    for (const side of number % 2 === 0 ? [base, next] : [next, base]) {
      drains.set(side, await side.drain(work));
    }
    const [ofBase, ofNew] = [drains.get(base), drains.get(next)];
    if (ofBase === undefined || ofNew === undefined) throw new Error('expected a drain of each side');
    note(`round ${number}: ${lineOf('base', ofBase)} | ${lineOf('new', ofNew)}`);
    if (number > 0) rounds.push({ base: ofBase, new: ofNew });
  }
  return rounds;
}

function lineOf(name: string, { tasksPerSecond, schedulerCpuUs, databaseCpuUs }: Drain): string {
  return `${name} ${Math.round(tasksPerSecond)}/s, CPU µs/task ${Math.round(schedulerCpuUs)} scheduler + ${Math.round(databaseCpuUs)} PostgreSQL`;
}

async function report(rounds: readonly Round[]): Promise<void> {
  const ratios: Record<string, Ratio> = {};
  process.stdout.write(
    `new / base over ${rounds.length} rounds        median   mean   95 % interval of the mean\n`,
  );
  for (const [name, figureOf] of Object.entries(FIGURES)) {
    const each = rounds.map((round) => figureOf(round.new) / figureOf(round.base));
    // PostgreSQL elsewhere: its CPU is not known.
    if (each.some((ratio) => Number.isNaN(ratio))) continue;
    const ratio = ratioOf(each);
    ratios[name] = ratio;
    const [median, mean, low, high] = [ratio.median, ratio.mean, ratio.low, ratio.high].map((figure) =>
      figure.toFixed(3),
    );
    process.stdout.write(`${name.padEnd(34)} ${median}    ${mean}  ${low} … ${high}\n`);
  }
  const { json, ...options } = values;
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ options, ratios, rounds }, null, 2)}\n`);
}

/** Limits of each kind, none of which is ever reached. */
async function setLimits(recorder: string): Promise<void> {
  const limits = { maxConcurrency: 10_000, rateLimit: { perSecond: 100_000, burst: 100_000 } };
  const response = await fetch(`${recorder}/v1/queues/default`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...limits, flowLimits: limits }),
  });
  if (response.status !== 200)
    throw new Error(`expected 200 to limits, got ${response.status}: ${await response.text()}`);
}

function urlOf(serverUrl: string, database: string): string {
  return Object.assign(new URL(serverUrl), { pathname: `/${database}` }).href;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
