import type { IncomingMessage } from 'node:http';
import type { MutantId } from '../selftest/mutants/index.ts';
import { mistakenBody, mistakenLimit, mistakenMediaType } from './mistaken-request.ts';
import { Problem } from './problems.ts';
import type { Route } from './routes.ts';

/** What a body is read by. */
interface BodyRules {
  readonly limitBytes: number;
  readonly route: Route;
  readonly mutants: ReadonlySet<MutantId>;
}

/** The body of a request, its media type and its size judged; empty if it has none. Spec: JSN-001, JSN-002, JSN-017, JSN-036. */
export async function readBody(request: IncomingMessage, rules: BodyRules): Promise<Buffer> {
  const { limitBytes, route, mutants } = rules;
  const limit = mistakenLimit(limitBytes, route, request, mutants);
  const declared = Number(request.headers['content-length'] ?? 0);
  const body = declared > limit ? undefined : await collect(request, limit);
  const isInChunks = request.headers['transfer-encoding'] !== undefined;
  if (body?.length === 0 && !(isInChunks && mutants.has('chunked-empty-body-judged'))) return body;
  const tooLarge = new Problem('payload-too-large', `expected at most ${limitBytes} bytes, got more`, {
    limitBytes,
  });
  if (body === undefined && mutants.has('size-before-media-type')) throw tooLarge;
  if (!isJson(request, mutants)) {
    const got = request.headers['content-type'] ?? 'none';
    throw new Problem('unsupported-media-type', `expected application/json, got ${got.slice(0, 100)}`);
  }
  const counts = route.name !== 'submitTaskBatch' && mutants.has('body-counted-in-characters');
  if (body === undefined || (counts && body.toString('utf8').length > limitBytes)) throw tooLarge;
  return mistakenBody(body, request, mutants);
}

/** All bytes, or `undefined` as soon as there are more than the limit. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > limit) resolve(undefined);
      else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the connection was closed before the body had come')));
  });
}

function isJson(request: IncomingMessage, mutants: ReadonlySet<MutantId>): boolean {
  const mistaken = mistakenMediaType(request, mutants);
  if (mistaken !== undefined) return mistaken;
  const { headers } = request;
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  const isPlain = parameters.every((each) => each === '' || /^charset\s*=\s*"?utf-8"?$/i.test(each));
  const coding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (type.toLowerCase() === 'text/plain' && mutants.has('text-plain-accepted')) return true;
  return type.toLowerCase() === 'application/json' && isPlain && coding === 'identity';
}
