import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Redis of its own, with its data in a temporary folder. */
export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** Whether the program is on PATH. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Starts it on a free port of 127.0.0.1 without a configuration file. It appends to its log and syncs that every second,
 * so that up to a second of tasks may be lost, where PostgreSQL loses none.
 */
export async function startRedisServer(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'dispatchr-bench-redis-'));
  const port = await findFreePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...PERSISTENCE];
  // Detached, so that Ctrl-C in the terminal does not end the watch before its object.
  const watch = spawn('sh', ['-c', WATCH, 'sh', folder, ...settings], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(watch, 'exit');
  const [line] = (await once(createInterface({ input: watch.stdout }), 'line')) as [string];
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: Number(line),
    async stop() {
      watch.stdin.end();
      await ended;
    },
  };
}

/** No snapshots, and no rewrites of the log while the clock runs. */
const PERSISTENCE = Object.entries({
  '--appendonly': 'yes',
  '--appendfsync': 'everysec',
  '--save': '',
  '--auto-aof-rewrite-percentage': '0',
}).flat();

/** A shell that tells the server's process id, and ends it when this process is gone: its standard input ends then. */
const WATCH = `folder=$1; shift
redis-server "$@" > "$folder/log" & pid=$!
echo $pid
read -r word
kill $pid; wait $pid; rm -rf "$folder"`;

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
