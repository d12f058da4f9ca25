import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiClient, startScriptedTarget, startServiceProcess } from '@dispatchr/testkit';

const HELP = `Kills the service on its embedded database in the middle of a delivery, and starts it again.

  npm run bench:recovery                  5 rounds
  npm run bench:recovery -- --rounds 10   more
`;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, help: { type: 'boolean', default: false } },
});
if (values.help) process.stdout.write(HELP);
else await measure(Number(values.rounds));

async function measure(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dispatchr-recovery-'));
  const target = await startScriptedTarget();
  const start = () => startServiceProcess(['serve', '--port', '0', '--data-dir', folder]);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const path = `/round-${round}`;
      target.answer(path, 'hang', { status: 200 });
      const before = await start();
      await createApiClient(before.url).submit({ target: target.url(path) });
      await target.received(path);
      await before.end('SIGKILL');
      const startedMs = performance.now();
      const [after, again] = await Promise.all([start(), target.received(path, 2)]);
      const tookMs = Math.round(again.receivedAt - startedMs);
      process.stdout.write(`round ${round}: delivered again ${tookMs} ms after the start of the process\n`);
      await after.end('SIGTERM');
    }
  } finally {
    await target.close();
    await rm(folder, { recursive: true, force: true });
  }
}
