import type { ServiceSlot } from '../cluster/service-slot.ts';
import type { Fault } from '../events.ts';
import { pause, type Scene } from './fault-kind.ts';

/** How long a scheduler may take to be back, in milliseconds, before its fault is written down as over. */
const MAX_RESTART_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** From here on the delivery of a poison task kills the scheduler that makes it, which its supervisor starts again. */
export function trapPoison(
  scene: Scene,
  write: (fault: Fault) => void,
): { /** Settles when whom it killed is back. */ settled(): Promise<unknown> } {
  const kills = new Set<Promise<void>>();
  scene.load.onPoison(({ taskId }) => {
    if (scene.heal.aborted) return;
    const kill = killHolderOf(taskId, scene, write).finally(() => kills.delete(kill));
    kills.add(kill);
  });
  return { settled: () => Promise.all(kills) };
}

async function killHolderOf(taskId: string, scene: Scene, write: (fault: Fault) => void): Promise<void> {
  const slot = await holderOf(taskId, scene);
  if (slot?.pid === undefined) return;
  const from = Date.now();
  process.kill(slot.pid, 'SIGKILL');
  await isBack(slot, slot.pid);
  write({ kind: 'fault', name: 'poison-task', victim: slot.name, from, until: Date.now(), detail: taskId });
}

/** Undefined also while the database is away: the task is not so poisonous this time. */
async function holderOf(taskId: string, { cluster }: Scene): Promise<ServiceSlot | undefined> {
  const sql = cluster.database.administrator();
  try {
    const [row] = await sql`
      SELECT scheduler FROM dispatchr.unfinished_tasks JOIN dispatchr.tasks USING (seq) WHERE id = ${taskId}`;
    return cluster.schedulers.find(
      ({ schedulerId }) => schedulerId !== undefined && schedulerId === row?.['scheduler'],
    );
  } catch {
    return undefined;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function isBack(slot: ServiceSlot, killed: number): Promise<void> {
  const giveUpAt = performance.now() + MAX_RESTART_MS;
  while ((slot.pid === undefined || slot.pid === killed) && performance.now() < giveUpAt)
    await pause(LOOK_EVERY_MS);
}
