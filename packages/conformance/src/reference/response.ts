import type { ServerResponse } from 'node:http';
import type { MutantId } from '../selftest/mutants/index.ts';
import { Problem, type ProblemBody } from './problems.ts';
import type { Settings } from './settings.ts';

/** What an operation answers. */
export interface Answer {
  readonly status: number;
  /** JSON text, unless `type` says otherwise; none with 204. */
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer for a problem; anything else that was thrown is a fault of the implementation. */
export function problemAnswer(error: unknown, { mutants, variants }: Settings): Answer {
  const problem = error instanceof Problem ? error : new Problem('internal', 'something went wrong here');
  const shift = mutants.has('problem-status-differs') ? 1 : 0;
  const isOfBody = problem.body.errors?.every((each) => 'pointer' in each && each.pointer === '') === true;
  const lost = isOfBody && mutants.has('errors-missing') ? { errors: undefined } : {};
  const state = mutants.has('conflict-state-wrong') ? 'running' : undefined;
  const isState = 'state' in problem.body && (state !== undefined || mutants.has('conflict-state-missing'));
  const unknown = variants.has('extra-members') ? { 'x-unknown': [] } : {};
  const { Allow, 'WWW-Authenticate': challenge, ...rest } = problem.headers;
  const isChallenge = challenge !== undefined && !mutants.has('challenge-missing');
  const others = { ...rest, ...(isChallenge ? { 'WWW-Authenticate': challenge } : {}) };
  return {
    status: problem.status,
    body: JSON.stringify({
      ...mistaken(problem.body, mutants),
      ...(isState ? { state } : {}),
      status: problem.status + shift,
      ...lost,
      ...unknown,
    }),
    type: mutants.has('error-media-type-wrong') ? 'application/json' : 'application/problem+json',
    headers: Allow === undefined || mutants.has('allow-missing') ? others : { ...others, Allow },
  };
}

/** What mutants make of the sentences and the places of a problem. */
function mistaken(body: ProblemBody, mutants: ReadonlySet<MutantId>): ProblemBody {
  const isOwn = mutants.has('problem-of-its-own') && body.type.endsWith(':route-not-found');
  if (isOwn) return { ...body, type: 'urn:dispatchr:problem:no-such-path' };
  if (mutants.has('first-fault-only') && body.errors) return { ...body, errors: body.errors.slice(0, 1) };
  if (!mutants.has('details-without-values')) return body;
  const cut = <T extends { detail: string }>(each: T): T => ({
    ...each,
    detail: each.detail.replace(/, got .*/s, ''),
  });
  return cut(body.errors ? { ...body, errors: body.errors.map(cut) } : body);
}

/** Writes an answer; one to `HEAD` goes out without its body by itself. */
export function sendAnswer(response: ServerResponse, answer: Answer, { variants }: Settings): void {
  const body = Buffer.from(answer.body ?? '');
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.body !== undefined) {
    headers['Content-Type'] = answer.type ?? 'application/json';
    if (!variants.has('chunked-responses')) headers['Content-Length'] = String(body.length);
  }
  if (variants.has('connection-close')) headers['Connection'] = 'close';
  const named = Object.entries(headers).map(([name, value]) => [
    variants.has('header-case') ? name.toUpperCase() : name,
    value,
  ]);
  response.writeHead(answer.status, Object.fromEntries(named) as Record<string, string>);
  if (variants.has('chunked-responses') && body.length > 1)
    response.write(body.subarray(0, body.length >> 1));
  response.end(variants.has('chunked-responses') && body.length > 1 ? body.subarray(body.length >> 1) : body);
}
