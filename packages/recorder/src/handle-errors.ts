import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasArrived, sendWhileReading } from './send-while-reading.ts';
import { sendAnswer } from './mount-operations.ts';
import { codeOf, problemOfError, routeNotFound } from './problems.ts';

/** Answers what is thrown inside this instance with problem details; its host keeps its own error handler. */
export function handleErrors(instance: FastifyInstance): void {
  instance.setErrorHandler((error, request, reply) => {
    // What a hook of the host refuses, a rate limit for instance, is the host's to answer.
    if (isOfHost(error)) throw error;
    return sendErrorProblem(error, request, reply);
  });
}

/** Sends the problem for an error; logs what is a fault of ours. */
export function sendErrorProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const bodyLimit = request.routeOptions.bodyLimit ?? 0;
  const answer = problemOfError(error, {
    url: request.url,
    contentType: request.headers['content-type'],
    bodyLimit,
    prefix: request.server.prefix,
  });
  // An outage is no fault in the code: its cause in a line, without a stack, each time.
  if (answer.status === 503) request.log.warn({ cause: messageOf(error) }, answer.body.title);
  else if (answer.status >= 500) request.log.error({ err: error }, answer.body.title);
  return hasArrived(request.raw) ? sendAnswer(reply, answer) : sendWhileReading(request, reply, answer);
}

/** Answers paths that do not exist. */
export function sendRouteNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendAnswer(reply, routeNotFound(request.url, request.server.prefix));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isOfHost(error: unknown): boolean {
  const status: unknown =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  const code = codeOf(error) ?? '';
  return typeof status === 'number' && status >= 400 && status < 500 && !/^(FST_ERR_|ECONN)/.test(code);
}
