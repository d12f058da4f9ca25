import { readdir, readFile } from 'node:fs/promises';

/** What Linux counts in, on every machine that Node runs on. */
const TICK_MS = 10;

/** CPU milliseconds that a process has used, in steps of 10; NaN where there is no /proc, or no such process. */
export async function cpuTimeOf(pid: number): Promise<number> {
  const fields = await statOf(pid);
  return fields === undefined ? Number.NaN : fields.ownMs;
}

/** CPU milliseconds of a process, its children, and its children that have ended; NaN where there is no /proc. */
export async function cpuTimeOfFamily(parent: number): Promise<number> {
  const head = await statOf(parent);
  if (head === undefined) return Number.NaN;
  const names = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const all = await Promise.all(names.map((name) => statOf(Number(name))));
  const children = all.filter((fields) => fields?.parent === parent);
  return children.reduce((sum, fields) => sum + (fields?.ownMs ?? 0), head.ownMs + head.endedChildrenMs);
}

/** The parent of a process; undefined where there is no /proc, or no such process. */
export async function parentOf(pid: number): Promise<number | undefined> {
  return (await statOf(pid))?.parent;
}

async function statOf(pid: number) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name, in brackets, may hold spaces. Fields as in proc(5), the first after it being number 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    parent: field(4),
    ownMs: (field(14) + field(15)) * TICK_MS,
    endedChildrenMs: (field(16) + field(17)) * TICK_MS,
  };
}
