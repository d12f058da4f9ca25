import { randomBytes } from 'node:crypto';
import type { Task } from './task.ts';

/** What survives a kill. Only the engine writes to it; tasks in it are never changed in place. */
export interface Disk {
  readonly tasks: Map<string, Task>;
  readonly cursorSecret: Buffer;
  nextSeq: number;
}

export function createDisk(): Disk {
  return { tasks: new Map(), cursorSecret: randomBytes(16), nextSeq: 1 };
}
