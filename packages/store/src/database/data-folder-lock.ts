import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, link, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';
import { platform } from 'node:os';
import { join, relative, resolve } from 'node:path';

/** The exclusive right to a data folder. */
export interface DataFolderLock {
  /** Gives the folder free. */
  release(): Promise<void>;
}

/** Another process that is alive owns the folder. */
export class DataFolderLockedError extends Error {
  override readonly name = 'DataFolderLockedError';

  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another process: stop that process, or choose another folder.`,
    );
  }
}

/**
 * Takes a folder for this process alone, and creates it if need be. Throws {@link DataFolderLockedError}.
 *
 * A listening Unix socket in the folder proves an owner alive: the kernel refuses connections as soon as the
 * owner is dead, however it died, and it answers across containers, where a process id means nothing.
 * It holds between processes of one machine; a network folder that two machines share is not protected.
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (platform() === 'win32') return lockByNamedPipe(folder);

  const candidate = await mkdtemp(join(folder, CANDIDATE_PREFIX));
  try {
    return await lockByCandidate(folder, candidate);
  } catch (error) {
    // Only an owner removes candidates: it saw this one before it listened, and took it for dead.
    throw (await exists(candidate)) ? error : new DataFolderLockedError(folder);
  } finally {
    await rm(candidate, { recursive: true, force: true });
  }
}

/** A starter listens in a folder of its own first, so that its socket answers before anybody can look for it. */
async function lockByCandidate(folder: string, candidate: string): Promise<DataFolderLock> {
  const server = await listen(socketPath(candidate, CANDIDATE_SOCKET));
  try {
    const generation = await takeGeneration(folder, join(candidate, CANDIDATE_SOCKET));
    await removeOlderSockets(folder, generation);
    return { release: () => closeServer(server) };
  } catch (error) {
    await closeServer(server);
    throw error;
  }
}

const CANDIDATE_PREFIX = 'owner.new.';
const CANDIDATE_SOCKET = 's';

/**
 * The socket of the highest generation, `owner.<n>.sock`, is the owner's. A dead one is not removed but followed
 * by the next generation, which only one starter can link; removing it by name could hit a socket that
 * somebody quicker has just put there. So the highest one stays in the folder even after its owner is gone.
 */
async function takeGeneration(folder: string, candidateSocket: string): Promise<number> {
  for (;;) {
    const newest = await newestGeneration(folder);
    if (newest > 0 && (await isAlive(folder, socketName(newest)))) throw new DataFolderLockedError(folder);
    const mine = newest + 1;
    if (!(await linked(candidateSocket, join(folder, socketName(mine))))) continue;
    if (await isUnused(folder, mine)) return mine;
    await rm(join(folder, socketName(mine)), { force: true });
  }
}

/**
 * Whether nobody had this generation before. A starter that slept between looking and linking may link one that
 * was used and removed since; then a higher one stands, and the one below, removed earlier, is gone.
 */
async function isUnused(folder: string, generation: number): Promise<boolean> {
  const generations = await listGenerations(folder);
  const isHighest = Math.max(...generations) === generation;
  return isHighest && (generation === 1 || generations.includes(generation - 1));
}

async function newestGeneration(folder: string): Promise<number> {
  return Math.max(0, ...(await listGenerations(folder)));
}

async function listGenerations(folder: string): Promise<number[]> {
  const generations = (await readdir(folder)).map((name) => Number(/^owner\.(\d+)\.sock$/.exec(name)?.[1]));
  return generations.filter((generation) => generation > 0);
}

/** Oldest first: {@link isUnused} relies on it. Also what starters left that were killed before they owned anything. */
async function removeOlderSockets(folder: string, generation: number): Promise<void> {
  const older = (await listGenerations(folder)).filter((other) => other < generation);
  for (const other of older.toSorted((a, b) => a - b))
    await rm(join(folder, socketName(other)), { force: true });
  const candidates = (await readdir(folder)).filter((name) => name.startsWith(CANDIDATE_PREFIX));
  for (const candidate of candidates.map((name) => join(folder, name))) {
    if (!(await isAlive(candidate, CANDIDATE_SOCKET))) await rm(candidate, { recursive: true, force: true });
  }
}

function socketName(generation: number): string {
  return `owner.${generation}.sock`;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What a connection says of a socket whose owner is dead, or of a file that is no socket. */
const DEAD = new Set(['ECONNREFUSED', 'ENOTSOCK', 'EPROTOTYPE', 'ENOENT']);

/** In doubt (no permission, a full backlog) it is alive: two owners would destroy data. */
async function isAlive(folder: string, name: string): Promise<boolean> {
  const connection = connect(socketPath(folder, name));
  try {
    await once(connection, 'connect');
    return true;
  } catch (error) {
    return !DEAD.has(codeOf(error) ?? '');
  } finally {
    connection.destroy();
  }
}

async function listen(path: string): Promise<Server> {
  const server = createServer((connection) => connection.destroy());
  server.listen(path);
  await once(server, 'listening');
  // Failing to accept (no file descriptors left) does not end the listening.
  server.on('error', () => undefined);
  server.unref();
  return server;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => void server.close(() => done()));
}

/** The kernel's limit for the path of a socket in bytes: 108 on Linux, 104 on macOS and BSD, with the end mark. */
const LONGEST_SOCKET_PATH = 103;

function socketPath(folder: string, name: string): string {
  const absolute = resolve(folder, name);
  const relativePath = relative('', absolute);
  const shorter = Buffer.byteLength(relativePath) < Buffer.byteLength(absolute) ? relativePath : absolute;
  const length = Buffer.byteLength(shorter);
  if (length <= LONGEST_SOCKET_PATH) return shorter;
  const most = LONGEST_SOCKET_PATH - Buffer.byteLength(name) - 1;
  throw new Error(
    `expected a data folder whose path has at most ${most} bytes, because a Unix socket is kept in it, ` +
      `got ${Buffer.byteLength(resolve(folder))}: ${resolve(folder)}; choose a shorter one, or start in its parent folder`,
  );
}

/** Windows has no such sockets for Node, but names of pipes that die with their process. */
async function lockByNamedPipe(folder: string): Promise<DataFolderLock> {
  const path = (await realpath(folder)).toLowerCase();
  const digest = createHash('sha256').update(path).digest('hex');
  try {
    const server = await listen(`\\\\.\\pipe\\dispatchr-${digest}`);
    return { release: () => closeServer(server) };
  } catch (error) {
    throw codeOf(error) === 'EADDRINUSE' ? new DataFolderLockedError(folder) : error;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
