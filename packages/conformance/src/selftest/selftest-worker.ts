import type { JobResult, SelftestJob } from './job.ts';
import { runJob } from './run-job.ts';

/** What the parent sends: a job under a number. */
export interface JobOrder {
  readonly number: number;
  readonly job: SelftestJob;
  readonly concurrency: number;
}

/** What the worker answers with. */
export interface JobAnswer {
  readonly number: number;
  readonly result: JobResult;
}

/** Runs jobs that the parent process sends, until it lets go; several at a time. */
export async function serveSelftestWorker(): Promise<void> {
  if (process.send === undefined) throw new Error('selftest-worker is started by selftest alone');
  process.on('message', ({ number, job, concurrency }: JobOrder) => {
    void runJob(job, concurrency).then((result) => process.send?.({ number, result } satisfies JobAnswer));
  });
  await new Promise((resolve) => {
    process.once('disconnect', resolve);
  });
}
