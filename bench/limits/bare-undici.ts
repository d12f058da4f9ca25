import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { cpuFigures } from '../world/cpu-figures.ts';
import { cpuTimeOf } from '../world/cpu-time.ts';
import { taskArgsOf } from '../world/load.ts';
import { MEMORY_FIGURE, peakMemoryMb } from '../world/peak-memory.ts';
import type { Side } from '../world/side.ts';
import { RATE_FIGURE } from '../world/submitted-figures.ts';
import type { World } from '../world/world.ts';
import { answerQuestions, isForkedFor, startLimitProcess } from './limit-process.ts';

const MODULE = fileURLToPath(import.meta.url);
const IN_FLIGHT = 100;

interface Work {
  readonly url: string;
  readonly tasks: number;
}

/** The bodies of a drain, posted from memory: what a scheduler without a database could do. */
export async function openBareUndici({ receiver }: World, tasks: number, warmUp: number): Promise<Side> {
  const client = await startLimitProcess(MODULE);
  const cpuMs = async () => ({ client: await cpuTimeOf(client.pid) });
  return {
    name: 'bare undici',
    async play() {
      const [first, last] = receiver.count(warmUp, warmUp + tasks);
      const work: Work = { url: receiver.url, tasks: warmUp + tasks };
      const posted = client.ask(work);
      // The marks are not reached when the posts fail.
      const reached = (mark: Promise<number>) => Promise.race([mark, posted.then(() => mark)]);
      const fromMs = await reached(first);
      const before = await cpuMs();
      const untilMs = await reached(last);
      const after = await cpuMs();
      await posted;
      return {
        [RATE_FIGURE]: (tasks / (untilMs - fromMs)) * 1000,
        ...cpuFigures(before, after, tasks),
        [MEMORY_FIGURE]: await peakMemoryMb(client.pid),
      };
    },
    close: () => client.close(),
  };
}

async function postAll({ url, tasks }: Work): Promise<void> {
  const bodies = Array.from({ length: tasks }, (_, number) =>
    JSON.stringify({ taskName: 'bench', taskArgs: taskArgsOf(number) }),
  );
  const pool = new Pool(new URL(url).origin, { connections: IN_FLIGHT });
  let next = 0;
  const postInTurn = async (): Promise<void> => {
    for (let body = bodies[next]; body !== undefined; body = bodies[next]) {
      next += 1;
      const answer = await pool.request({ path: '/', method: 'POST', headers: JSON_HEADERS, body });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, postInTurn));
  await pool.close();
}

const JSON_HEADERS = { 'content-type': 'application/json' };

if (isForkedFor(MODULE)) answerQuestions(postAll);
