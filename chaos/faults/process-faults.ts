import type { Cluster } from '../cluster/cluster.ts';
import type { ServiceSlot } from '../cluster/service-slot.ts';
import { type FaultKind, pause } from './fault-kind.ts';

/** How long a stall of the event loop lasts, in milliseconds: longer than a lease. */
export const STALL_MS = 33_000;

/** An hour, by which a clock is off. */
const HOUR_MS = 3_600_000;

/** The slot of a name; there always is one. */
export function slotOf({ recorders, schedulers }: Cluster, name: string): ServiceSlot {
  const slot = [...recorders, ...schedulers].find((each) => each.name === name);
  if (slot === undefined) throw new Error(`expected a process of the cluster, got ${name}`);
  return slot;
}

function ended(
  name: FaultKind['name'],
  part: 'recorder' | 'scheduler',
  signal: 'SIGTERM' | 'SIGKILL',
  weight: number,
): FaultKind {
  return {
    name,
    part,
    weight,
    async strike({ cluster }, victim, random) {
      const slot = slotOf(cluster, victim);
      await slot.end(signal);
      await pause(random.between(0, 3000));
      await slot.start();
      return undefined;
    },
  };
}

function stopped(name: FaultKind['name'], fromMs: number, toMs: number, weight: number): FaultKind {
  return {
    name,
    part: 'scheduler',
    weight,
    isLong: fromMs > 30_000,
    async strike({ cluster }, victim, random) {
      const slot = slotOf(cluster, victim);
      const stoppedMs = random.between(fromMs, toMs);
      slot.signal('SIGSTOP');
      await pause(stoppedMs);
      slot.signal('SIGCONT');
      return `${stoppedMs} ms`;
    },
  };
}

/** What can happen to one process of the service. */
export const PROCESS_FAULTS: readonly FaultKind[] = [
  ended('scheduler-killed', 'scheduler', 'SIGKILL', 4),
  ended('recorder-killed', 'recorder', 'SIGKILL', 4),
  ended('scheduler-terminated', 'scheduler', 'SIGTERM', 2),
  ended('recorder-terminated', 'recorder', 'SIGTERM', 3),
  stopped('scheduler-stopped-briefly', 1000, 8000, 3),
  stopped('scheduler-stopped-past-lease', 33_000, 42_000, 3),
  {
    name: 'event-loop-stalled',
    part: 'scheduler',
    weight: 2,
    isLong: true,
    async strike({ cluster }, victim) {
      slotOf(cluster, victim).signal('SIGUSR2');
      await pause(STALL_MS);
      return `${STALL_MS} ms`;
    },
  },
  {
    name: 'clock-skewed',
    part: 'scheduler',
    weight: 2,
    isLong: true,
    async strike({ cluster }, victim, random) {
      const slot = slotOf(cluster, victim);
      const offsetMs = random.pick([-HOUR_MS, HOUR_MS]);
      await slot.end('SIGTERM');
      await slot.start({ CHAOS_CLOCK_OFFSET_MS: String(offsetMs) });
      await pause(random.between(10_000, 30_000));
      await slot.end('SIGTERM');
      await slot.start();
      return `${offsetMs} ms`;
    },
  },
];
