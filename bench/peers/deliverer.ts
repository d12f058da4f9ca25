import { Pool } from 'undici';
import { CONCURRENCY, type Deliver } from './peer.ts';

/**
 * Posts every task to a target over as many connections as there are deliveries in flight.
 * A failure ends the process: the library would try again in silence, and the figures would be wrong.
 */
export function delivererTo(target: string): Deliver {
  const { origin, pathname: path } = new URL(target);
  const pool = new Pool(origin, { connections: CONCURRENCY });
  const post = async (data: unknown): Promise<void> => {
    const body = JSON.stringify({ taskName: 'bench', taskArgs: data });
    const { statusCode, body: text } = await pool.request({
      path,
      method: 'POST',
      headers: JSON_HEADERS,
      body,
    });
    await text.dump();
    if (statusCode >= 300) throw new Error(`expected 2xx, got ${statusCode}`);
  };
  return (data) =>
    post(data).catch((error: unknown) => {
      process.stderr.write(`a worker's delivery: ${String(error)}\n`);
      process.exit(1);
    });
}

const JSON_HEADERS = { 'content-type': 'application/json' };
