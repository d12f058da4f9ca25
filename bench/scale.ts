import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { closeAll, openEach } from './contests/open-each.ts';
import { play, type Round } from './contests/play.ts';
import { describeMachine, type Machine } from './report/machine.ts';
import { markdownTable } from './report/markdown.ts';
import { textTable } from './report/text-table.ts';
import { type Measured, scaleRows } from './scale/scale-rows.ts';
import type { ScaleOptions, Situation } from './scale/situation.ts';
import { SITUATIONS } from './scale/situations.ts';
import { openWorld } from './world/open-world.ts';
import type { World } from './world/world.ts';

const HELP = `Measures how figures grow with size: each large situation against the small case, in turn, on databases of their own.

  npm run bench:scale                            all situations, 1,000,000 tasks, 5 rounds: about half an hour
  npm run bench:scale -- --only million-due,queues
                                                 some of them
  npm run bench:scale -- --size 20000 --tasks 2000 --rounds 3 --hold-seconds 10
                                                 smaller and shorter
  npm run bench:scale -- --json FILE --markdown FILE
                                                 every round, and the table, each with the machine
  TEST_DATABASE_URL=… npm run bench:scale        on a server of your own

Situations
${SITUATIONS.map(({ name, title }) => `  ${name.padEnd(18)}${title}\n`).join('')}
A round submits --tasks 10000 (and --warm-up 2000) one by one, 64 in flight; drains as many; and measures the delay from submit
to arrival at 100 tasks a second. What is filled beside them is laid down once, in SQL, as the service would have written it.
The start delay is of tasks of another queue, while the queue with the backlog is paused: its rows stand in the way of
nothing but the database.
`;

const MEDIANS =
  'Medians of the rounds; ratios are the medians of the ratios, with the 95 % interval of the mean.';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    size: { type: 'string', default: '1000000' },
    tasks: { type: 'string', default: '10000' },
    'warm-up': { type: 'string', default: '2000' },
    'hold-seconds': { type: 'string', default: '120' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await scale(situationsOf(values.only));

async function scale(situations: readonly Situation[]): Promise<void> {
  const options: ScaleOptions = {
    size: countOf('size', 100),
    tasks: countOf('tasks', 1),
    warmUp: countOf('warm-up', 1),
    holdSeconds: countOf('hold-seconds', 1),
  };
  const rounds = countOf('rounds', 1);
  const world = await openWorld();
  const measured: Measured[] = [];
  try {
    const machine = await machineOf(world);
    for (const situation of situations) {
      const { name, title } = situation;
      world.note(`${name}: ${title}`);
      measured.push({ name, title, rounds: await measure(situation, world, options, rounds) });
      // After every situation, so that a run that fails keeps what it found.
      await writeFiles(machine, measured);
    }
    process.stdout.write(`\n${textTable(scaleRows(measured))}${MEDIANS}\n`);
  } finally {
    await world.close();
  }
}

async function measure(
  situation: Situation,
  world: World,
  options: ScaleOptions,
  rounds: number,
): Promise<readonly Round[]> {
  const sides = await openEach([
    () => situation.openSmall(world, options),
    () => situation.openLarge(world, options),
  ]);
  try {
    return await play(sides, rounds, ['drain: tasks a second'], (text) => world.note(text));
  } finally {
    await closeAll(sides);
  }
}

async function writeFiles(machine: Machine, measured: readonly Measured[]): Promise<void> {
  const { json, markdown } = values;
  const situations = measured.map(({ rounds, ...situation }) => ({
    ...situation,
    rounds: rounds.map((round) => Object.fromEntries(round)),
  }));
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ machine, situations }, null, 2)}\n`);
  const facts = Object.entries(machine).map(([name, fact]) => `- ${name}: ${fact}\n`);
  const titles = measured.map(({ name, title }) => `- \`${name}\`: ${title}.\n`);
  const page = `${facts.join('')}\n${titles.join('')}\n${markdownTable(scaleRows(measured))}\n${MEDIANS}\n`;
  if (markdown !== undefined) await writeFile(markdown, page);
}

async function machineOf({ serverUrl }: World): Promise<Machine> {
  const machine = await describeMachine(serverUrl, process.argv.slice(2));
  return { ...machine, command: (machine['command'] ?? '').replace('npm run bench', 'npm run bench:scale') };
}

/** In the order in which they are measured. */
function situationsOf(only: string | undefined): readonly Situation[] {
  if (only === undefined) return SITUATIONS;
  const names = only.split(',');
  const unknown = names.find((name) => !SITUATIONS.some((situation) => situation.name === name));
  if (unknown !== undefined) {
    const known = SITUATIONS.map(({ name }) => name).join(', ');
    throw new Error(`expected --only with names out of ${known}, got "${unknown}"`);
  }
  return SITUATIONS.filter(({ name }) => names.includes(name));
}

function countOf(option: 'size' | 'tasks' | 'warm-up' | 'hold-seconds' | 'rounds', least: number): number {
  const text = values[option];
  const count = Number(text);
  if (Number.isInteger(count) && count >= least) return count;
  throw new Error(`expected --${option} with a whole number from ${least} on, got "${text}"`);
}
