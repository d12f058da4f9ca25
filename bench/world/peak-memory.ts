import { readFile } from 'node:fs/promises';

/** Peak resident memory of a process since its start, in megabytes; NaN where there is no /proc, or no such process. */
export async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

/** What the figure is called. */
export const MEMORY_FIGURE = 'peak memory (MB)';
