import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CpuProfile } from './cpu-profile.ts';

/** Variables with which a process of Node writes its profile into a folder when it ends, a sample each half millisecond. */
export function profilingInto(folder: string): Record<string, string> {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${folder}` };
}

/** The profile of a process's main thread, after its end. */
export async function readProfile(folder: string, pid: number): Promise<CpuProfile> {
  // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile
  const ofProcess = new RegExp(`^CPU\\.[0-9]+\\.[0-9]+\\.${pid}\\.0\\.`);
  const name = (await readdir(folder)).find((each) => ofProcess.test(each));
  if (name === undefined) throw new Error(`expected a profile of process ${pid} in ${folder}, got none`);
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile;
}
