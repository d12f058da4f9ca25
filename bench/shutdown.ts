import { parseArgs } from 'node:util';
import {
  createApiClient,
  startPostgresServer,
  startScriptedTarget,
  startServiceProcess,
} from '@dispatchr/testkit';

const HELP = `Sends SIGTERM to a loaded service on PostgreSQL, half of whose deliveries outlast the grace period.

  npm run bench:shutdown                     with the default grace period of 25 s
  npm run bench:shutdown -- --grace-ms 3000  with another
`;

const { values } = parseArgs({
  options: { 'grace-ms': { type: 'string', default: '25000' }, help: { type: 'boolean', default: false } },
});
if (values.help) process.stdout.write(HELP);
else await measure(Number(values['grace-ms']));

async function measure(graceMs: number): Promise<void> {
  const postgres = await startPostgresServer();
  const environment = { DATABASE_URL: postgres.url };
  const target = await startScriptedTarget();
  const service = await startServiceProcess(
    ['serve', '--port', '0', '--grace-period-ms', String(graceMs)],
    environment,
  );
  const api = createApiClient(service.url);
  target.answer('/quick', { status: 200, delayMs: graceMs / 3 });
  target.answer('/slow', { status: 200, delayMs: graceMs * 10 });
  // More than the concurrency, so that some wait in the database; in turn, so that both kinds are in flight.
  const ids = { quick: [] as string[], slow: [] as string[] };
  for (let round = 0; round < 150; round += 1) {
    for (const [kind, list] of Object.entries(ids)) {
      list.push((await api.submit({ target: target.url(`/${kind}`), timeoutMs: 600_000 })).id);
    }
  }
  await target.received('/slow', 40);

  const startedMs = performance.now();
  const [code] = await service.end('SIGTERM');
  const tookMs = Math.round(performance.now() - startedMs);
  process.stdout.write(`exit code ${code}, ${tookMs} ms after SIGTERM (grace period ${graceMs} ms)\n`);

  const recorder = await startServiceProcess(['recorder', '--port', '0'], environment);
  const after = createApiClient(recorder.url);
  for (const [kind, list] of Object.entries(ids)) {
    const counts = new Map<string, number>();
    for (const id of list) {
      const [task, attempts] = [await after.task(id), await after.attempts(id)];
      const what = `${task.state}, attempts: ${attempts.map(({ outcome }) => outcome).join(' ') || 'none'}, used ${task.attemptsUsed}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    for (const [what, count] of counts) process.stdout.write(`${kind.padEnd(6)} ${count} × ${what}\n`);
  }
  await recorder.end('SIGTERM');
  await target.close();
  await postgres.stop();
}
