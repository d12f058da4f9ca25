import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CONTESTS } from './contests/index.ts';
import { runContest } from './contests/run-contest.ts';
import { type Contest, type ContestOptions } from './contests/contest.ts';
import { IN_TWO_PROCESSES } from './ours/live-side.ts';
import { describeMachine, type Machine } from './report/machine.ts';
import { markdownOf, roundsOf } from './report/markdown.ts';
import { rowsOf } from './report/rows.ts';
import type { Summary } from './report/summary.ts';
import { textTable } from './report/text-table.ts';
import { openWorld } from './world/open-world.ts';
import { RATE_FIGURE } from './world/submitted-figures.ts';

const HELP = `Measures Dispatchr on PostgreSQL, and the limits of the machine beside it, sides in turn.

  npm run bench                             all contests, 5 rounds: about 20 minutes
  npm run bench -- --only submit,drain      some of them
  npm run bench -- --rounds 3 --tasks 5000  shorter
  npm run bench -- --peers                  pg-boss, graphile-worker and BullMQ take part
  npm run bench -- --only delay-half --per-second 2000
                                            without the contest that finds the capacity
  npm run bench -- --json FILE --markdown FILE
                                            every round, and the tables, each with the machine
  TEST_DATABASE_URL=… npm run bench         on a server of your own

Contests
${CONTESTS.map(({ name, title }) => `  ${name.padEnd(12)}${title}\n`).join('')}`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    tasks: { type: 'string' },
    'per-second': { type: 'string' },
    peers: { type: 'boolean', default: false },
    json: { type: 'string' },
    markdown: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
// So that what is to end with this process is told.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
if (values.help) process.stdout.write(HELP);
else await bench(contestsOf(values.only));

async function bench(contests: readonly Contest[]): Promise<void> {
  const rounds = countOf('rounds') ?? 5;
  const tasks = countOf('tasks');
  const given = countOf('per-second');
  refuseUnknownCapacity(contests, given);
  const world = await openWorld();
  const summaries: Summary[] = [];
  try {
    const machine = await describeMachine(world.serverUrl, process.argv.slice(2));
    for (const contest of contests) {
      const perSecond = given ?? halfOfCapacity(summaries);
      const options: ContestOptions = {
        ...(tasks !== undefined && { tasks }),
        ...(perSecond !== undefined && { perSecond }),
      };
      const summary = await runContest(contest, world, options, { rounds, withPeers: values.peers });
      summaries.push(summary);
      process.stdout.write(`\n${summary.title}\n${textTable(rowsOf(summary))}${roundsOf(summary)}\n`);
      // After every contest, so that a run that fails keeps what it found.
      await writeFiles(machine, summaries);
    }
  } finally {
    await world.close();
  }
}

async function writeFiles(machine: Machine, contests: readonly Summary[]): Promise<void> {
  const { json, markdown } = values;
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ machine, contests }, null, 2)}\n`);
  if (markdown !== undefined) await writeFile(markdown, markdownOf(machine, contests));
}

/** Contests by name, in the order in which they are played. */
function contestsOf(only: string | undefined): readonly Contest[] {
  if (only === undefined) return CONTESTS;
  const names = only.split(',');
  const unknown = names.find((name) => !CONTESTS.some((contest) => contest.name === name));
  if (unknown !== undefined) {
    const known = CONTESTS.map(({ name }) => name).join(', ');
    throw new Error(`expected --only with names out of ${known}, got "${unknown}"`);
  }
  return CONTESTS.filter(({ name }) => names.includes(name));
}

/** A whole number from 1 on, or undefined where the option is not given. */
function countOf(option: 'rounds' | 'tasks' | 'per-second'): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`expected --${option} with a whole number from 1 on, got "${text}"`);
}

/** At once, not after an hour. */
function refuseUnknownCapacity(contests: readonly Contest[], given: number | undefined): void {
  const names = contests.map(({ name }) => name);
  if (given !== undefined || !names.includes('delay-half') || names.includes('together')) return;
  throw new Error('expected the capacity for delay-half, got none: add --per-second N, or play together too');
}

/** Half of what recorder and scheduler in two processes delivered while they took submits, in tasks a second. */
function halfOfCapacity(summaries: readonly Summary[]): number | undefined {
  const together = summaries.find(({ name }) => name === 'together');
  const side = together?.sides.find(({ name }) => name === IN_TWO_PROCESSES);
  const perSecond = side?.medians[RATE_FIGURE];
  return perSecond === undefined ? undefined : Math.round(perSecond / 2);
}
