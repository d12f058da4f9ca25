import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The working tree, as what to compare. */
export const WORKING_TREE = 'working-tree';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/**
 * Lays out the sources of a commit, or of the working tree as it is now, in an empty folder, with a node_modules of its own:
 * hard links to those of this tree where both lock files agree and the file system allows it, else what `npm ci` installs.
 */
export async function layOut(what: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (what === WORKING_TREE) await copyWorkingTree(folder);
  else await extractCommit(what, folder);
  if (!(await linkModules(folder))) {
    await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  }
}

/** Without git's knowledge: a run that is killed leaves a folder behind, but nothing in the repository. */
async function extractCommit(commit: string, folder: string): Promise<void> {
  const archive = join(folder, 'sources.tar');
  await run('git', ['-C', ROOT, 'archive', '--output', archive, commit]);
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
}

async function copyWorkingTree(folder: string): Promise<void> {
  const { stdout } = await run('git', ['-C', ROOT, 'ls-files', '-coz', '--exclude-standard'], {
    maxBuffer: 2 ** 26,
  });
  for (const path of new Set(stdout.split('\0'))) {
    if (path === '') continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    // One that git knows and that is gone is not part of the tree.
    await cp(join(ROOT, path), join(folder, path)).catch(ignoreMissing);
  }
}

async function linkModules(folder: string): Promise<boolean> {
  const lockFiles = [ROOT, folder].map((tree) => readFile(join(tree, 'package-lock.json'), 'utf8'));
  const [here, there] = await Promise.all(lockFiles);
  if (here !== there) return false;
  const packages = (await readdir(join(ROOT, 'packages'))).map((name) => join('packages', name));
  try {
    for (const parent of ['.', ...packages]) {
      const modules = join(ROOT, parent, 'node_modules');
      // Links to files, and the workspace's own links as they are, which lead into this copy.
      if (existsSync(modules)) await run('cp', ['-al', modules, join(folder, parent)]);
    }
    return true;
  } catch {
    return false;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
