import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textTable } from '../report/text-table.ts';
import { openInstallation } from '../world/installation.ts';
import { openWorld } from '../world/open-world.ts';
import type { World } from '../world/world.ts';
import { selfTimesOf } from './cpu-profile.ts';
import { functionRows, folderRows, statementRows } from './profile-tables.ts';
import { type ProfiledLoad, type ProfiledSpan } from './profiled-load.ts';
import { profilingInto, readProfile } from './read-profiles.ts';
import { readStatementNames } from './statement-names.ts';
import { COUNTING_STATEMENTS, openStatementMeter, type StatementStatistics } from './statement-statistics.ts';

export interface ProfileOptions {
  readonly tasks: number;
  readonly warmUp: number;
  /** Rows of each table. */
  readonly top: number;
  /** Where the profiles stay; absent is nowhere. */
  readonly keep?: string;
}

/** Runs a load while its processes are profiled, and answers with the tables. */
export async function profileLoad(load: ProfiledLoad, options: ProfileOptions): Promise<string> {
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'dispatchr-profile-')));
  const world = await openWorld(COUNTING_STATEMENTS);
  try {
    const { span, statistics } = await run(world, load, options, folder);
    const parts = await Promise.all(
      Object.entries(span.pids).map(([name, pid]) => describeProcess(name, pid, folder, span, options)),
    );
    const statements = statementRows(statistics, await readStatementNames(), options.tasks, options.top);
    return `${parts.join('')}\ndatabase\n${textTable(statements)}`;
  } finally {
    await world.close();
    if (options.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly span: ProfiledSpan;
  readonly statistics: readonly StatementStatistics[];
}

/** Processes write their profiles when they end, so they have ended afterwards. */
async function run(
  world: World,
  load: ProfiledLoad,
  { tasks, warmUp }: ProfileOptions,
  folder: string,
): Promise<Run> {
  const { serverUrl } = world;
  const environment = profilingInto(folder);
  const installation = await openInstallation({ serverUrl, recorders: 1, schedulers: 0, environment });
  try {
    const meter = await openStatementMeter(serverUrl, installation.databaseUrl);
    try {
      const span = await load(world, installation, { tasks, warmUp, onBegin: () => meter.reset() });
      return { span, statistics: await meter.read() };
    } finally {
      await meter.close();
    }
  } finally {
    await installation.close();
  }
}

async function describeProcess(
  name: string,
  pid: number,
  folder: string,
  span: ProfiledSpan,
  { tasks, top }: ProfileOptions,
): Promise<string> {
  const times = selfTimesOf(await readProfile(folder, pid), span);
  const tables = [functionRows(times, tasks, top), folderRows(times, tasks, top)];
  return `\n${name}, self time\n${tables.map((rows) => textTable(rows)).join('\n')}`;
}
