import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import type { FaultName } from '../events.ts';
import type { Load } from '../load/start-load.ts';
import type { Random } from '../load/random.ts';

/** What faults act on. */
export interface Scene {
  readonly cluster: Cluster;
  readonly load: Load;
  /** Aborted when everything is to be healed; a fault that lasts for minutes ends then. */
  readonly heal: AbortSignal;
}

/** What a fault holds while it lasts, so that no two of them undo each other. */
export type Part =
  'recorder' | 'scheduler' | 'database' | 'transaction' | 'targets' | 'dying-target' | 'load';

/** A kind of fault, and how it is done. */
export interface FaultKind {
  readonly name: FaultName;
  /** What it holds; of recorders and schedulers one slot, that nobody else holds. */
  readonly part: Part;
  /** How often it is chosen against the others. */
  readonly weight: number;
  /** It lasts half a minute or more, and so has a lane of its own beside the brief ones. */
  readonly isLong?: boolean;
  /** It only sets a trap; what it leads to is logged by whoever sees it. */
  readonly isTrap?: boolean;
  /** Whether this machine can do it; default: yes. */
  readonly isPossible?: (scene: Scene) => boolean;
  /** Strikes and heals; settles when whom it hit is up and connected again. Answers with what else there is to say. */
  readonly strike: (scene: Scene, victim: string, random: Random) => Promise<string | undefined>;
}

/** Waits so many milliseconds, or until the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}
