import { randomBytes } from 'node:crypto';
import type { FlowLimits, QueueSettings } from './queue-settings.ts';
import type { Schedule } from './schedules/schedule.ts';
import type { Task } from './task.ts';

/** What survives a kill. Only the engine writes to it; tasks in it are never changed in place. */
export interface Disk {
  readonly tasks: Map<string, Task>;
  /** Settings of queues that were put. */
  readonly queues: Map<string, QueueSettings>;
  /** Limits of flow keys that were put, by queue, space, flow key. */
  readonly flowKeys: Map<string, FlowLimits>;
  readonly schedules: Map<string, Schedule>;
  readonly cursorSecret: Buffer;
  nextSeq: number;
}

export function createDisk(): Disk {
  return {
    tasks: new Map(),
    queues: new Map(),
    flowKeys: new Map(),
    schedules: new Map(),
    cursorSecret: randomBytes(16),
    nextSeq: 1,
  };
}
