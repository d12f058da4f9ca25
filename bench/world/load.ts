import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { percentile } from './percentile.ts';
import { monotonicMs } from './receiver.ts';

/** How many tasks are submitted, and how fast. */
export interface Pace {
  readonly tasks: number;
  /** Tasks in one request; 1 is a request for each. */
  readonly batch: number;
  /** Requests in flight at most. */
  readonly inFlight: number;
  /** Tasks a second, sent on time whether or not those before were answered; absent is as fast as it goes. */
  readonly perSecond?: number;
  /** With `perSecond`: each task at a random moment of its part of the second. */
  readonly irregular?: boolean;
}

/** What is submitted over HTTP, and how. */
export interface Submission extends Pace {
  /** Where it is posted, path included. */
  readonly url: string;
  /** Where the tasks are to be delivered. */
  readonly target: string;
  /** Members that every task has besides, like a queue. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** What a submission took. */
export interface Submitted {
  readonly tasksPerSecond: number;
  /** Milliseconds from the request to its answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A producer in a process of its own. */
export interface Load {
  readonly pid: number;
  /** Rejects when any answer is not 2xx. */
  submit(submission: Submission): Promise<Submitted>;
  close(): Promise<void>;
}

type Reply = { submitted: Submitted } | { error: string };

/** Starts it. */
export async function startLoad(): Promise<Load> {
  const child = fork(fileURLToPath(import.meta.url), ['produce']);
  await once(child, 'message');
  return {
    pid: child.pid ?? 0,
    async submit(submission) {
      child.send(submission);
      const [reply] = (await once(child, 'message')) as [Reply];
      if ('error' in reply) throw new Error(reply.error);
      return reply.submitted;
    },
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** The work of every contestant: about 250 bytes; `sentAtMs` is when its submit began. */
export function taskArgsOf(number: number): { number: number; sentAtMs: number; text: string } {
  return { number, sentAtMs: Math.round(monotonicMs() * 1000) / 1000, text: TEXT };
}

const TEXT = 'x'.repeat(180);

function produce(): void {
  process.on('message', (submission: Submission) => {
    submit(submission).then(
      (submitted) => process.send?.({ submitted } satisfies Reply),
      (error: unknown) => process.send?.({ error: String(error) } satisfies Reply),
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

async function submit(submission: Submission): Promise<Submitted> {
  const { url, inFlight } = submission;
  const pool = new Pool(new URL(url).origin, { connections: inFlight });
  const path = new URL(url).pathname;
  const submitted = await measureSubmits(submission, async (from) => {
    const body = bodyOf(submission, from);
    const answer = await pool.request({ path, method: 'POST', headers: JSON_HEADERS, body });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`expected 2xx, got ${answer.statusCode}: ${text}`);
  });
  await pool.close();
  return submitted;
}

/**
 * Submits at a pace and measures.
 * @param post - submits one batch, given the number of its first task.
 */
export async function measureSubmits(pace: Pace, post: Post): Promise<Submitted> {
  const { tasks, batch, inFlight, perSecond, irregular } = pace;
  const latencies: number[] = [];
  const timedPost: Post = async (from) => {
    const sentAtMs = performance.now();
    await post(from);
    latencies.push(performance.now() - sentAtMs);
  };
  const startedAtMs = performance.now();
  if (perSecond === undefined) await postAll(timedPost, tasks, batch, inFlight);
  else await postOnTime(timedPost, tasks, perSecond, irregular ? Math.random : () => 0);
  const tookMs = performance.now() - startedAtMs;
  return {
    tasksPerSecond: (tasks / tookMs) * 1000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}

const JSON_HEADERS = { 'content-type': 'application/json' };

function bodyOf({ target, batch, members }: Submission, from: number): string {
  const task = (number: number) => ({ target, taskName: 'bench', taskArgs: taskArgsOf(number), ...members });
  if (batch === 1) return JSON.stringify(task(from));
  return JSON.stringify({ tasks: Array.from({ length: batch }, (_, index) => task(from + index)) });
}

type Post = (from: number) => Promise<void>;

async function postAll(post: Post, tasks: number, batch: number, inFlight: number): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < tasks) {
      const from = next;
      next += batch;
      await post(from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
}

async function postOnTime(post: Post, tasks: number, perSecond: number, shift: () => number): Promise<void> {
  const startedAtMs = performance.now();
  const pending: Promise<void>[] = [];
  for (let number = 0; number < tasks; number += 1) {
    const aheadMs = startedAtMs + ((number + shift()) * 1000) / perSecond - performance.now();
    if (aheadMs > 0) await sleep(aheadMs);
    pending.push(post(number));
  }
  await Promise.all(pending);
}

if (process.argv[2] === 'produce' && process.argv[1] === fileURLToPath(import.meta.url)) produce();
