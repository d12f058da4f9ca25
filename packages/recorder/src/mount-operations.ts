import { recorderOpenApi } from '@dispatchr/contract';
import type { OpenApiOperation, ProblemError } from '@dispatchr/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { jsonText } from './json/json-text.ts';
import type { StrictJson } from './json/strict-json.ts';
import type { OperationHandlers, OperationId, OperationRequest } from './operation-types.ts';
import { invalidRequest, methodNotAllowed } from './problems.ts';
import { validatorOf } from './validation/operation-validators.ts';
import type { OperationValidator } from './validation/operation-validators.ts';

/** What a body must keep to beyond its schema; `schemaErrors` are the places that are wrong already. */
export type BodyCheck = (body: unknown, schemaErrors: readonly ProblemError[]) => ProblemError[];

/** How the operations of the specification are served. */
export interface MountOptions {
  handlers: Omit<OperationHandlers, 'getDocs'>;
  bodyChecks: Partial<Record<OperationId, BodyCheck>>;
  /** Bytes a body may have. */
  bodyLimitOf(id: OperationId): number;
  /** Runs before operations that the specification guards by a token. */
  authenticate: onRequestAsyncHookHandler;
}

type AnyRequest = Record<keyof OperationRequest<OperationId>, unknown>;
type AnyHandler = (request: AnyRequest) => Promise<Parameters<typeof sendAnswer>[1]>;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** Mounts every operation of the emitted OpenAPI, and 405 for every other method of its paths. */
export function mountOperations(instance: FastifyInstance, options: MountOptions): void {
  // Looked up by a name that only the document knows; one union of all the handlers would be too much for TypeScript.
  const handlers = options.handlers as unknown as Record<OperationId, AnyHandler>;
  for (const [path, operations] of Object.entries(recorderOpenApi.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const id = operation.operationId as OperationId;
      if (id === 'getDocs') continue;
      instance.route({
        method: method.toUpperCase(),
        url: routeOf(path),
        config: { operationId: id },
        bodyLimit: options.bodyLimitOf(id),
        onRequest: needsToken(operation) ? [options.authenticate] : [],
        handler: adapt(operation, handlers[id], validatorOf(path, method), options.bodyChecks[id]),
      });
    }
    mountOtherMethods(instance, path, options);
  }
}

function adapt(
  operation: OpenApiOperation,
  handler: AnyHandler,
  validator: OperationValidator,
  checkBody: BodyCheck = () => [],
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const json = request.body as StrictJson | undefined;
    const query = request.query as Record<string, unknown>;
    const errors = [...validator.checkQuery(query), ...validator.checkBody(json?.value, json?.values ?? 0)];
    errors.push(...checkBody(json?.value, errors));
    const answer =
      errors.length > 0
        ? invalidRequest(errors)
        : await handler({
            ...toOperationRequest(request, query, json),
            onGone: (run: () => void) => reply.raw.once('close', run),
          });
    const mediaType = Object.keys(operation.responses[answer.status]?.content ?? {})[0];
    return sendAnswer(reply, answer, mediaType);
  };
}

/** Sends an answer; a body of any media type but JSON must be text. */
export function sendAnswer(
  reply: FastifyReply,
  answer: { status: number; headers?: Record<string, string | number>; body?: unknown },
  mediaType = 'application/problem+json',
): FastifyReply {
  reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.body === undefined) return reply.send();
  return reply.type(mediaType).send(mediaType.endsWith('json') ? jsonText(answer.body) : answer.body);
}

function toOperationRequest(
  request: FastifyRequest,
  query: unknown,
  json: StrictJson | undefined,
): Omit<AnyRequest, 'onGone'> {
  return {
    path: request.params,
    query,
    headers: request.headers,
    body: json?.value,
    sourceOf: (task: object) => json?.sourceOf(task) ?? '',
  };
}

/** A path's other methods answer 405; what a parameter of a sibling path matches is left to that path. */
function mountOtherMethods(instance: FastifyInstance, path: string, { authenticate }: MountOptions): void {
  const siblings = Object.entries(recorderOpenApi.paths).filter(([sibling]) => patternOf(sibling).test(path));
  const allowed = siblings.flatMap(([, operations]) =>
    Object.keys(operations).map((method) => method.toUpperCase()),
  );
  if (allowed.includes('GET')) allowed.push('HEAD');
  const method = METHODS.filter((name) => !allowed.includes(name));
  const answer = async (request: FastifyRequest, reply: FastifyReply) =>
    sendAnswer(
      reply,
      methodNotAllowed(
        request.method,
        METHODS.filter((name) => allowed.includes(name)),
      ),
    );
  const isGuarded = Object.values(recorderOpenApi.paths[path] ?? {}).every(needsToken);
  const onRequest = isGuarded ? [authenticate, answer] : [answer];
  instance.route({ method, url: routeOf(path), onRequest, handler: answer });
}

function needsToken(operation: OpenApiOperation): boolean {
  const schemes = operation.security ?? (recorderOpenApi['security'] as Record<string, string[]>[]);
  return schemes.every((scheme) => Object.keys(scheme).length > 0);
}

function routeOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', String.raw`\.`)}$`);
}
