/** Status and title by name: the problem catalogue. */
const CATALOGUE = {
  'malformed-json': [400, 'The body is not acceptable JSON'],
  'invalid-request': [400, 'The request is not valid'],
  unauthorized: [401, 'A bearer token is needed'],
  'queue-not-found': [404, 'There is no such queue'],
  'schedule-not-found': [404, 'There is no such schedule'],
  'queue-not-empty': [409, 'The queue has unfinished tasks'],
  'task-not-found': [404, 'There is no such task'],
  'route-not-found': [404, 'There is nothing at this path'],
  'method-not-allowed': [405, 'The path does not have this method'],
  'request-timeout': [408, 'The request took too long to arrive'],
  'task-id-conflict': [409, 'The id belongs to a task with other content'],
  'task-state-conflict': [409, "The task's state does not allow this"],
  'payload-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, "The body's media type is not supported"],
  'target-blocked': [422, 'The target policy forbids this target'],
  'idempotency-key-reused': [422, 'The idempotency key belongs to a task with other content'],
  'feature-not-supported': [422, 'This implementation does not have the feature'],
  'header-fields-too-large': [431, "The request's header section is too large"],
  internal: [500, 'Something went wrong here'],
} as const;

export type ProblemName = keyof typeof CATALOGUE;

/** One thing that is wrong with a request, and where. */
export type ProblemError =
  | { readonly pointer: string; readonly detail: string }
  | { readonly parameter: string; readonly detail: string };

/** Members that only some problems have. */
export interface ProblemMembers {
  readonly errors?: readonly ProblemError[];
  readonly state?: string;
  readonly limitBytes?: number;
  readonly feature?: string;
}

/** A problem as it is sent. */
export interface ProblemBody extends ProblemMembers {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** Ends a request with a problem of the catalogue. */
export class Problem extends Error {
  readonly status: number;
  readonly body: ProblemBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    name: ProblemName,
    detail: string,
    members: ProblemMembers = {},
    headers: Record<string, string> = {},
  ) {
    super(`${name}: ${detail}`);
    const [status, title] = CATALOGUE[name];
    this.status = status;
    this.body = { type: `urn:dispatchr:problem:${name}`, title, status, detail, ...members };
    this.headers = headers;
  }
}

/** `invalid-request` for the places that are wrong, the first 100 of them. */
export function invalidRequest(errors: readonly ProblemError[]): Problem {
  const count = errors.length === 1 ? '1 place is' : `${errors.length} places are`;
  return new Problem('invalid-request', `${count} not valid`, { errors: errors.slice(0, 100) });
}

/** `feature-not-supported` for a feature. */
export function featureNotSupported(feature: string): Problem {
  return new Problem('feature-not-supported', `the feature ${feature} is not supported here`, { feature });
}
