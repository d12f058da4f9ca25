import { cpus, release, totalmem, type as system } from 'node:os';
import postgres from 'postgres';

/** Where and how a run took place: what a reader needs to judge its figures, by what it is. */
export type Machine = Readonly<Record<string, string>>;

/** Describes this machine, its PostgreSQL server and the command that was given. */
export async function describeMachine(serverUrl: string, words: readonly string[]): Promise<Machine> {
  const processors = cpus();
  return {
    command: commandOf(words),
    date: new Date().toISOString(),
    CPU: `${processors[0]?.model.trim() || 'unknown'}, ${processors.length} cores`,
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    system: `${system()} ${release()}`,
    'Node.js': process.version,
    PostgreSQL: await describePostgres(serverUrl),
  };
}

/** Where the results were written is nobody's business. */
function commandOf(words: readonly string[]): string {
  const isOfFile = (word: string | undefined) => /^--(json|markdown)(=|$)/.test(word ?? '');
  const told = words.filter(
    (word, index) => !isOfFile(word) && !/^--(json|markdown)$/.test(words[index - 1] ?? ''),
  );
  return ['npm run bench', ...(told.length > 0 ? ['--'] : []), ...told].join(' ');
}

async function describePostgres(serverUrl: string): Promise<string> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  const [row] = await sql<{ version: string; fsync: string; commit: string; buffers: string }[]>`
    SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS commit, current_setting('shared_buffers') AS buffers`;
  await sql.end();
  if (row === undefined) throw new Error('expected the version of PostgreSQL, got no row');
  return `${row.version}, fsync ${row.fsync}, synchronous_commit ${row.commit}, shared_buffers ${row.buffers}`;
}
