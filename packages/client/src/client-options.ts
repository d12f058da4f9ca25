import { checkNames } from './check-names.ts';

/** How often, and for how long, a request that may be repeated is repeated. */
export interface RetryOptions {
  /** Tries at most, the first one included: 1 or more. Default 5. */
  maxTries?: number;
  /** No try begins later than so many milliseconds after the first. Default 30,000. */
  maxDurationMs?: number;
  /** The pause after the first try, in milliseconds; it doubles with each try. Default 500. */
  minBackoffMs?: number;
  /** The longest pause, in milliseconds, unless `Retry-After` asks for more. Default 10,000. */
  maxBackoffMs?: number;
}

/** Options of `createClient`; every one may be left out. */
export interface ClientOptions {
  /** Where the recorder is, with the path that it is mounted at if there is one. Default `http://127.0.0.1:9090`. */
  url?: string;
  /** The recorder's bearer token. Default: none. */
  token?: string;
  /** What sends a request. Default: the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** How requests are repeated; `false` sends each of them once. */
  retry?: RetryOptions | false;
  /** How long a try may be without an answer, in milliseconds, beside what `waitMs` asks for. Default 30,000. */
  timeoutMs?: number;
}

/** Options as the client uses them, each of them there. */
export interface ResolvedOptions {
  url: string;
  token: string | undefined;
  fetch: (request: Request) => Promise<Response>;
  retry: Required<RetryOptions>;
  timeoutMs: number;
}

const RETRY_DEFAULTS: Readonly<Required<RetryOptions>> = Object.freeze({
  maxTries: 5,
  maxDurationMs: 30_000,
  minBackoffMs: 500,
  maxBackoffMs: 10_000,
});

/** What counts for an option that is left out. */
export const CLIENT_DEFAULTS = Object.freeze({
  url: 'http://127.0.0.1:9090',
  timeoutMs: 30_000,
  retry: RETRY_DEFAULTS,
});

const NAMES = ['url', 'token', 'fetch', 'retry', 'timeoutMs'];

/** Fills in the defaults. Throws a `TypeError` that names the option which is not known or not valid. */
export function resolveOptions(options: ClientOptions): ResolvedOptions {
  checkNames('createClient', options, NAMES);
  return {
    url: checkUrl(options.url ?? CLIENT_DEFAULTS.url),
    token: checkToken(options.token),
    // Looked up at each request, so that one that is put in its place later counts.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    retry: resolveRetry(options.retry ?? {}),
    timeoutMs: checkNumber('timeoutMs', options.timeoutMs ?? CLIENT_DEFAULTS.timeoutMs, 1),
  };
}

function resolveRetry(retry: RetryOptions | false): Required<RetryOptions> {
  if (retry === false) return { ...RETRY_DEFAULTS, maxTries: 1 };
  const names = Object.keys(RETRY_DEFAULTS) as (keyof RetryOptions)[];
  checkNames('createClient, retry', retry, names);
  const resolved = { ...RETRY_DEFAULTS };
  for (const name of names) {
    const least = name === 'maxTries' ? 1 : 0;
    resolved[name] = checkNumber(`retry.${name}`, retry[name] ?? RETRY_DEFAULTS[name], least);
  }
  return resolved;
}

function checkNumber(name: string, value: number, least: number): number {
  if (typeof value === 'number' && value >= least) return value;
  throw new TypeError(
    `createClient: expected ${name} to be a number of ${least} or more, got ${String(value)}`,
  );
}

function checkToken(token: string | undefined): string | undefined {
  if (token === undefined || /^[\u0021-\u007e]+$/.test(token)) return token;
  throw new TypeError(
    'createClient: expected token to be printable ASCII without spaces, got other characters',
  );
}

/** The url without a slash at its end. */
function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!isWeb || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    // What follows the scheme may hold a password.
    const got = text.includes('@') ? 'one with userinfo (put the token into `token`)' : JSON.stringify(text);
    throw new TypeError(`createClient: expected url to be like "${CLIENT_DEFAULTS.url}", got ${got}`);
  }
  return url.href.replace(/\/+$/, '');
}
