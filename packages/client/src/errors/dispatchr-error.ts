import type { Problem, ProblemError, ProblemName } from '@dispatchr/contract';

const TYPE_PREFIX = 'urn:dispatchr:problem:';

/** Thrown for an answer that says no: the recorder's problem, or what something between it and the client answered. */
export class DispatchrError extends Error {
  override readonly name = 'DispatchrError';
  /** The status of the answer. */
  readonly status: number;
  /** `urn:dispatchr:problem:` and a name of the catalogue; `about:blank` if the answer was no problem of the recorder's. */
  readonly type: string;
  /** The name in the catalogue, for example `task-not-found`; absent with `about:blank`. */
  readonly problem: ProblemName | (string & {}) | undefined;
  /** The problem in a few words, the same each time. */
  readonly title: string;
  /** What went wrong this time. */
  readonly detail: string | undefined;
  /** What is wrong with the request, place by place. */
  readonly errors: readonly ProblemError[];
  /** All of the problem: with some there are `state`, `limitBytes` or `feature`. */
  readonly body: Problem;

  constructor(request: string, body: Problem) {
    super(messageOf(request, body));
    this.status = body.status;
    this.type = body.type;
    this.problem = nameOf(body.type);
    this.title = body.title;
    this.detail = body.detail;
    this.errors = body.errors ?? [];
    this.body = body;
  }
}

function nameOf(type: string): string | undefined {
  return type.startsWith(TYPE_PREFIX) ? type.slice(TYPE_PREFIX.length) : undefined;
}

function messageOf(request: string, { status, type, title, detail, errors = [] }: Problem): string {
  const name = nameOf(type);
  const said = detail === undefined ? '' : `: ${detail}`;
  const hint = name === 'unauthorized' ? '; give createClient the `token` of the recorder' : '';
  const what = `${request} was answered ${status}${name === undefined ? '' : ` ${name}`}: ${title}${said}${hint}`;
  // The detail of a single error repeats it.
  return errors.length > 1 ? [what, ...errors.map(lineOf)].join('\n') : what;
}

function lineOf({ pointer, parameter, detail }: ProblemError): string {
  return `  ${parameter ?? (pointer || 'the body')}: ${detail}`;
}
