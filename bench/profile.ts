import { parseArgs } from 'node:util';
import { explainLoad } from './profile/explain-load.ts';
import { profileLoad } from './profile/profile-load.ts';
import { PROFILED_LOADS } from './profile/profiled-load.ts';

const HELP = `Shows where the time goes: functions and folders by self time in a recorder or a scheduler, statements by time
in PostgreSQL, in microseconds a task. Profiling slows what it watches: the shares are what counts.

  npm run bench:profile -- submit                single submits, 64 in flight
  npm run bench:profile -- batch                 batches of 100 tasks, 4 in flight
  npm run bench:profile -- drain                 deliveries of a backlog
  npm run bench:profile -- plans                 beside 1,000,000 tasks each due, due tomorrow and finished: of each statement
                                                 the plan of the execution that touched the most blocks, and its times
  npm run bench:profile -- plans --size 50000 --tasks 2000
  npm run bench:profile -- submit drain          one after the other
  npm run bench:profile -- drain --tasks 20000 --warm-up 5000 --top 60
  npm run bench:profile -- drain --keep FOLDER   the .cpuprofile files stay there, for DevTools and the like
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: 'string' },
    'warm-up': { type: 'string' },
    top: { type: 'string', default: '40' },
    keep: { type: 'string' },
    size: { type: 'string', default: '1000000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || positionals.length === 0) process.stdout.write(HELP);
else await profile(positionals);

async function profile(words: readonly string[]): Promise<void> {
  for (const word of words) {
    if (word === 'plans') {
      const tasks = Number(values.tasks ?? 10_000);
      process.stdout.write(await explainLoad({ size: Number(values.size), tasks }));
      continue;
    }
    const load = PROFILED_LOADS[word];
    if (load === undefined) {
      const known = [...Object.keys(PROFILED_LOADS), 'plans'].join(', ');
      throw new Error(`expected words out of ${known}, got "${word}"`);
    }
    const tasks = Number(values.tasks ?? (word === 'batch' ? 200_000 : 40_000));
    const warmUp = Number(values['warm-up'] ?? Math.ceil(tasks / 4));
    const { keep } = values;
    const top = Number(values.top);
    process.stderr.write(`${word}: ${tasks} tasks after ${warmUp} to warm up\n`);
    const tables = await profileLoad(load, { tasks, warmUp, top, ...(keep !== undefined && { keep }) });
    process.stdout.write(`\n${word}\n${tables}`);
  }
}
