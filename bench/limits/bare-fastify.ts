import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { recorderOpenApi } from '@dispatchr/contract';
import ajvFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fastify from 'fastify';
import { cpuFigures } from '../world/cpu-figures.ts';
import { cpuTimeOf } from '../world/cpu-time.ts';
import { MEMORY_FIGURE, peakMemoryMb } from '../world/peak-memory.ts';
import type { Side } from '../world/side.ts';
import { submittedFigures } from '../world/submitted-figures.ts';
import type { World } from '../world/world.ts';
import { answerQuestions, isForkedFor, startLimitProcess } from './limit-process.ts';

const MODULE = fileURLToPath(import.meta.url);

/** Fastify as it comes, with the validation of a submit, that answers as a recorder does and keeps nothing. */
export async function openBareFastify({ load, receiver }: World, tasks: number): Promise<Side> {
  const server = await startLimitProcess(MODULE);
  const origin = await server.ask<string>('listen');
  const cpuMs = async () => ({ client: await cpuTimeOf(load.pid), server: await cpuTimeOf(server.pid) });
  return {
    name: 'bare Fastify',
    async play() {
      const before = await cpuMs();
      const url = `${origin}/v1/tasks`;
      const submitted = await load.submit({ url, target: receiver.url, tasks, batch: 1, inFlight: 64 });
      return {
        ...submittedFigures(submitted),
        ...cpuFigures(before, await cpuMs(), tasks),
        [MEMORY_FIGURE]: await peakMemoryMb(server.pid),
      };
    },
    close: () => server.close(),
  };
}

interface Submission {
  readonly target: string;
  readonly taskName?: string;
}

async function listen(): Promise<string> {
  const app = fastify();
  const ajv = new Ajv2020({ strict: false });
  ajvFormats.default(ajv);
  ajv.addSchema(recorderOpenApi, 'recorder');
  app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
  const schema = { body: { $ref: 'recorder#/components/schemas/TaskSubmission' } };
  app.post<{ Body: Submission }>('/v1/tasks', { schema }, (request, reply) => {
    const summary = summaryOf(request.body);
    return reply.code(201).header('location', `/v1/tasks/${summary.id}`).send(summary);
  });
  app.server.keepAliveTimeout = 600_000;
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

/** What a recorder answers to a submit. */
function summaryOf({ target, taskName }: Submission) {
  const createdAt = new Date().toISOString();
  return {
    id: randomUUID(),
    state: 'pending',
    target,
    taskName,
    queue: 'default',
    flowKey: new URL(target).origin,
    priority: 0,
    dueAt: createdAt,
    timeoutMs: 30_000,
    retry: RETRY,
    createdAt,
    attempt: 0,
    attemptsUsed: 0,
  };
}

const RETRY = {
  maxAttempts: 10,
  minBackoffMs: 1000,
  maxBackoffMs: 3_600_000,
  multiplier: 2,
  jitter: 0.2,
  retryOn: ['408', '425', '429', '5XX'],
  failOn: [],
};

if (isForkedFor(MODULE)) answerQuestions(listen);
