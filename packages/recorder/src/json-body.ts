import type { Limits } from '@dispatchr/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseStrictJson } from './json/strict-json.ts';
import type { StrictJson, StrictJsonOptions } from './json/strict-json.ts';
import { UnsupportedMediaTypeError } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation of the Recorder API that a route serves. */
    operationId?: string;
  }
}

/** Values of one task outside `taskArgs`: 64 headers and two lists of 50 rules are about 200. */
const MAX_VALUES_OF_TASK = 256;

/** Makes strict JSON the only kind of body inside this instance; its host keeps its own parsers. */
export function acceptStrictJson(instance: FastifyInstance, limits: Limits): void {
  const single = optionsOf(1, limits.maxDepth, MAX_VALUES_OF_TASK * 4);
  const others: Readonly<Record<string, StrictJsonOptions>> = {
    submitTaskBatch: optionsOf(3, limits.maxDepth, MAX_VALUES_OF_TASK * limits.maxBatchTasks),
    putSchedule: optionsOf(2, limits.maxDepth, MAX_VALUES_OF_TASK * 4),
  };
  const parse = (request: FastifyRequest, bytes: Buffer): StrictJson | undefined => {
    if (bytes.length === 0) return undefined;
    return parseStrictJson(bytes, others[request.routeOptions.config.operationId ?? ''] ?? single);
  };
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, parse(request, bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  // `curl -d ''` sends a media type of its own with nothing: a body of no bytes is none. Spec: JSN-002, JSN-019.
  instance.addContentTypeParser('*', (_request, stream, done) => {
    let isDecided = false;
    const decide = (error: Error | null): void => {
      if (!isDecided) done(error, undefined);
      isDecided = true;
    };
    // Not buffered: the first byte is enough to refuse it.
    stream.on('data', () => decide(new UnsupportedMediaTypeError()));
    stream.on('end', () => decide(null));
    stream.on('error', decide);
  });
}

/** Tasks, of which the text is kept, are `depth` deep: 1 is the body itself. */
function optionsOf(depth: number, maxDepth: number, maxValues: number): StrictJsonOptions {
  return { maxDepth, maxValues, records: { depth, rawMember: 'taskArgs' } };
}
