import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DispatchrClient, createClient } from '@dispatchr/client';
import { createLogger, startService } from '@dispatchr/cli';
import { type DemoTarget, startDemoTarget } from './demo-target.ts';
import { type FollowedTask, followTask } from './follow-task.ts';
import { type Result, judge } from './results.ts';
import type { Scenario } from './scenarios.ts';
import { elapsed } from './words.ts';

/** Past this something is wrong: the scenarios take 6 s. */
const LONGEST_MS = 60_000;

/**
 * Runs the scenarios side by side on a service of their own, whose database is gone afterwards. Once `signal` is aborted,
 * or after a minute, they are judged as they then are.
 */
export async function runDemo(
  scenarios: readonly Scenario[],
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<Result[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dispatchr-demo-'));
  const logger = createLogger({ logLevel: 'error', logFormat: 'auto' }, process.stdout.isTTY);
  const target = await startDemoTarget(scenarios);
  print('Starting the service on a fresh database …');
  try {
    const service = await startService({ dataDir, port: 0 }, { logger });
    try {
      const client = createClient({ url: service.url ?? '' });
      print(`The service listens on ${service.url}; its database is in ${dataDir}.\n`);
      const ending = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
      return await runScenarios(scenarios, { client, target, print, signal: ending });
    } finally {
      await service.stop({ graceMs: 0 });
    }
  } finally {
    await target.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Stage {
  client: DispatchrClient;
  target: DemoTarget;
  print: (line: string) => void;
  signal: AbortSignal;
}

async function runScenarios(scenarios: readonly Scenario[], stage: Stage): Promise<Result[]> {
  const nameWidth = Math.max(...scenarios.map(({ name }) => name.length));
  const beganAtMs = performance.now();
  return Promise.all(
    scenarios.map(async (scenario) => {
      const tell = (phrase: string): void =>
        stage.print(
          `${elapsed(performance.now() - beganAtMs)}  ${scenario.name.padEnd(nameWidth)}  ${phrase}`,
        );
      return judge(scenario, await runScenario(scenario, stage, tell));
    }),
  );
}

async function runScenario(
  scenario: Scenario,
  { client, target, signal }: Stage,
  tell: (phrase: string) => void,
): Promise<FollowedTask> {
  const { name, task, shows, isCancelled } = scenario;
  const { id } = await client.submit({ ...task, id: name, target: target.urlOf(scenario), taskName: name });
  tell(`is recorded; it ${shows}`);
  if (isCancelled) await client.cancel(id);
  return followTask(client, id, tell, signal);
}
