import { fileURLToPath } from 'node:url';
import {
  answerQuestions,
  isForkedFor,
  type LimitProcess,
  startLimitProcess,
} from '../limits/limit-process.ts';
import { measureSubmits, type Pace, type Submitted, taskArgsOf } from '../world/load.ts';
import { delivererTo } from './deliverer.ts';
import type { Peer, Producer, Store } from './peer.ts';

const MODULE = fileURLToPath(import.meta.url);

/** A producer in a process of its own. */
export interface ProducerProcess {
  readonly pid: number;
  submit(pace: Pace): Promise<Submitted>;
  close(): Promise<void>;
}

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly pid: number;
  /** Rejects when the process ends before `work` settles. */
  during<Result>(work: Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Starts a producer, which installs what the library needs. */
export async function startProducer(peer: Peer, { url }: Store): Promise<ProducerProcess> {
  const child = await startProcess({ kind: 'connect', peer: referenceTo(peer), url });
  return {
    pid: child.pid,
    submit: (pace) => child.ask({ kind: 'submit', pace } satisfies Question),
    close: () => child.close(),
  };
}

/** Starts a worker that delivers to a target. */
export async function startWorker(peer: Peer, { url }: Store, target: string): Promise<WorkerProcess> {
  const child = await startProcess({ kind: 'work', peer: referenceTo(peer), url, target });
  const ended = child.ask<never>({ kind: 'watch' } satisfies Question);
  // It is told to end when it has done its work.
  ended.catch(() => undefined);
  return {
    pid: child.pid,
    during: (work) => Promise.race([work, ended]),
    close: () => child.close(),
  };
}

type Question =
  | { readonly kind: 'connect'; readonly peer: Reference; readonly url: string }
  | { readonly kind: 'submit'; readonly pace: Pace }
  | { readonly kind: 'work'; readonly peer: Reference; readonly url: string; readonly target: string }
  /** Never answered: it fails when the process ends. */
  | { readonly kind: 'watch' };

/** What a process finds its peer by. */
type Reference = Pick<Peer, 'name' | 'module'>;

function referenceTo({ name, module }: Peer): Reference {
  return { name, module };
}

async function startProcess(first: Question): Promise<LimitProcess> {
  const child = await startLimitProcess(MODULE);
  try {
    await child.ask(first);
    return child;
  } catch (error) {
    await child.close();
    throw error;
  }
}

let producer: Producer | undefined;

async function answer(question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'connect':
      producer = await (await load(question.peer)).connect(question.url);
      return undefined;
    case 'submit':
      return submit(question.pace);
    case 'work':
      return (await load(question.peer)).startWorker(question.url, delivererTo(question.target));
    case 'watch':
      return new Promise(() => undefined);
  }
}

async function load({ name, module }: Reference): Promise<Peer> {
  const exported = Object.values((await import(module)) as Record<string, Peer>);
  const peer = exported.find((each) => each.name === name);
  if (peer === undefined) throw new Error(`expected ${module} to export the peer "${name}", got none`);
  return peer;
}

function submit(pace: Pace): Promise<Submitted> {
  const connected = producer ?? notConnected();
  return measureSubmits(pace, async (from) => {
    if (pace.batch === 1) await connected.addOne(taskArgsOf(from));
    else await connected.addMany(Array.from({ length: pace.batch }, (_, index) => taskArgsOf(from + index)));
  });
}

function notConnected(): never {
  throw new Error('expected "connect" before "submit", got none');
}

if (isForkedFor(MODULE)) answerQuestions(answer);
