import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own for the database, which can be filled to its last byte. */
export interface SmallDisk {
  /** Where it is mounted. */
  readonly path: string;
  /** Takes all the space that is left. */
  fill(): Promise<void>;
  /** Gives that space back. */
  free(): Promise<void>;
  /** Unmounts and removes it. */
  close(): Promise<void>;
}

/**
 * Makes an ext4 file system of so many bytes in a file under `folder` and mounts it.
 * @returns undefined where that is not possible: it takes root, Linux and a loop device.
 */
export async function openSmallDisk(folder: string, bytes: number): Promise<SmallDisk | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const image = join(folder, 'disk.img');
  const path = join(folder, 'disk');
  await mkdir(path, { recursive: true });
  await writeFile(image, '');
  await truncate(image, bytes);
  try {
    // No blocks kept back for root: the server does not run as root, but the ballast is written by it.
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', image], {
      env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' },
    });
    await run('mount', ['-o', 'loop', image, path]);
  } catch {
    await rm(image, { force: true });
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    async fill() {
      const { bavail, bsize } = await statfs(path);
      // Reserved, not written, which takes no time; the little that this leaves is written, until it fails.
      await run('fallocate', ['-l', String(bavail * bsize), ballast]).catch(ignore);
      await run('dd', ['if=/dev/zero', `of=${ballast}.rest`, 'bs=64k']).catch(ignore);
    },
    async free() {
      for (const file of [ballast, `${ballast}.rest`]) await rm(file, { force: true });
    },
    async close() {
      await run('umount', ['-l', path]).catch(ignore);
      await rm(image, { force: true });
    },
  };
}

function ignore(): void {
  // Nothing to do.
}
