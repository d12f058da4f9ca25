import { type ChildProcess, fork } from 'node:child_process';
import type { JobResult, SelftestJob } from './job.ts';
import type { JobAnswer, JobOrder } from './selftest-worker.ts';

interface Worker {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (result: JobResult) => void>;
}

/** Processes that run jobs: a reference and its suite keep one core busy, so each core gets a process. */
export class WorkerPool {
  readonly #workers: readonly Worker[];
  readonly #concurrency: number;
  #count = 0;

  /** @param concurrency - how many checks of a job run at a time. */
  constructor(size: number, concurrency: number) {
    this.#concurrency = concurrency;
    this.#workers = Array.from({ length: size }, startWorker);
  }

  /** Runs a job on the process that has least to do; never rejects. */
  run(job: SelftestJob): Promise<JobResult> {
    const [idlest] = this.#workers.toSorted((a, b) => a.waiting.size - b.waiting.size);
    if (idlest === undefined) throw new Error('a pool needs a worker');
    this.#count += 1;
    const number = this.#count;
    return new Promise((resolve) => {
      idlest.waiting.set(number, resolve);
      idlest.child.send({ number, job, concurrency: this.#concurrency } satisfies JobOrder, (error) => {
        if (error !== null) settle(idlest, number, crashed(error.message));
      });
    });
  }

  close(): void {
    for (const { child } of this.#workers) if (child.connected) child.disconnect();
  }
}

function startWorker(): Worker {
  // An interruption reaches the whole process group: the parent decides when its workers end.
  const child = fork(process.argv[1] ?? '', ['selftest-worker'], { detached: true });
  const worker: Worker = { child, waiting: new Map() };
  child.on('message', ({ number, result }: JobAnswer) => settle(worker, number, result));
  child.once('exit', (code, signal) => {
    for (const number of worker.waiting.keys())
      settle(worker, number, crashed(`the worker ended with ${code ?? signal}`));
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return worker;
}

function settle({ waiting }: Worker, number: number, result: JobResult): void {
  waiting.get(number)?.(result);
  waiting.delete(number);
}

const crashed = (crash: string): JobResult => ({ durationMs: 0, passed: 0, findings: [], unrun: [], crash });
