import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderLockedError, lockDataFolder } from './data-folder-lock.ts';

let folder: string;
const children = new Set<ChildProcess>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await rm(folder, { recursive: true, force: true });
});

const MODULE = new URL('./data-folder-lock.ts', import.meta.url).href;
/** Tries once for each line on stdin, says whether it got the lock, and keeps what it got. */
const CONTENDER = `
  import { lockDataFolder } from ${JSON.stringify(MODULE)};
  console.log('ready');
  for await (const _ of process.stdin) {
    const answer = await lockDataFolder(process.argv[1]).then(() => 'owner', (error) => error.name);
    console.log(answer);
  }`;

interface Contender {
  readonly process: ChildProcess;
  tryToLock(): Promise<string>;
  kill(): Promise<void>;
}

async function startContender(cwd = folder): Promise<Contender> {
  const args = ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', CONTENDER, cwd];
  const child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  expect(await nextLine()).toBe('ready');
  return {
    process: child,
    tryToLock() {
      child.stdin.write('\n');
      return nextLine();
    },
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('the lock of a data folder', () => {
  it('refuses a second owner with a sentence on what to do, until the first releases it', async () => {
    const lock = await lockDataFolder(folder);
    const refused = lockDataFolder(folder);
    await expect(refused).rejects.toThrow(DataFolderLockedError);
    await expect(refused).rejects.toThrow(
      `The data folder ${folder} is in use by another process: stop that process, or choose another folder.`,
    );
    await lock.release();
    await (await lockDataFolder(folder)).release();
  });

  it('creates the folder', async () => {
    const lock = await lockDataFolder(join(folder, 'not', 'there'));
    await lock.release();
    expect(await readdir(join(folder, 'not'))).toEqual(['there']);
  });

  it('is taken over from an owner that was killed, and only then', async () => {
    const owner = await startContender();
    expect(await owner.tryToLock()).toBe('owner');
    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderLockedError);
    await owner.kill();
    await (await lockDataFolder(folder)).release();
  });

  it('stays with an owner that is stopped: it may go on any moment', async () => {
    const owner = await startContender();
    expect(await owner.tryToLock()).toBe('owner');
    owner.process.kill('SIGSTOP');
    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderLockedError);
  });

  it('goes to exactly one of several processes that race for a stale lock', async () => {
    for (let round = 0; round < 3; round += 1) {
      const contenders = await Promise.all([1, 2, 3, 4].map(() => startContender()));
      const answers = await Promise.all(contenders.map((contender) => contender.tryToLock()));
      expect(answers.toSorted()).toEqual([...Array<string>(3).fill('DataFolderLockedError'), 'owner']);
      await Promise.all(contenders.map((contender) => contender.kill()));
    }
  });

  it('goes to at most one at a time while owners come and go', async () => {
    let owners = 0;
    let taken = 0;
    const contend = async () => {
      for (let turn = 0; turn < 100; turn += 1) {
        const lock = await lockDataFolder(folder).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DataFolderLockedError);
        });
        if (!lock) continue;
        owners += 1;
        taken += 1;
        expect(owners).toBe(1);
        await readdir(folder);
        owners -= 1;
        await lock.release();
      }
    };
    await Promise.all([contend(), contend(), contend(), contend()]);
    expect(taken).toBeGreaterThan(1);
  });

  it('leaves one socket behind, and nothing of a starter that was killed before it owned anything', async () => {
    await mkdir(join(folder, 'owner.new.killed'));
    for (let turn = 0; turn < 3; turn += 1) await (await lockDataFolder(folder)).release();
    expect(await readdir(folder)).toEqual(['owner.3.sock']);
  });

  it('says how long a path may be when the socket would not fit', async () => {
    const deep = join(folder, 'a'.repeat(100));
    await expect(lockDataFolder(deep)).rejects.toThrow('expected a data folder whose path has at most');
  });
  it('takes a path relative to the working directory when that is short enough', async () => {
    const deep = join(folder, 'a'.repeat(100));
    await mkdir(deep);
    const owner = await startContender(deep);
    expect(await owner.tryToLock()).toBe('owner');
    expect(await owner.tryToLock()).toBe('DataFolderLockedError');
  });
});
