import type { HttpClient, HttpResponse } from '../http/http-client.ts';
import { shortened } from './timeline.ts';
import { Unreachable } from './violation.ts';

/** What an implementation says about itself, as far as the suite uses it. */
export interface Discovery {
  readonly specVersions: readonly string[];
  readonly implementation: { readonly name: string; readonly version: string };
  readonly durability: string;
  readonly limits: Readonly<Record<LimitName, number>>;
  readonly targetPolicy: {
    readonly loopback: boolean;
    readonly private: boolean;
    readonly allow: readonly string[];
  };
  readonly features: readonly string[];
}

export type LimitName =
  | 'maxTaskBytes'
  | 'maxBatchBytes'
  | 'maxBatchTasks'
  | 'maxDepth'
  | 'maxIdLength'
  | 'maxTimeoutMs'
  | 'minTimeoutMs'
  | 'minBackoffMs'
  | 'maxBackoffMs'
  | 'maxAttempts'
  | 'idempotencyWindowMs'
  | 'maxWaitMs'
  | 'maxPageSize'
  | 'retryAfterMaxMs'
  | 'maxHeaders'
  | 'maxHeaderBytes'
  | 'retentionCompletedMs'
  | 'retentionFailedMs';

const PATH = '/.well-known/dispatchr';

/** Reads discovery; throws `Unreachable` with a sentence that says what to do if there is none. */
export async function discover(client: HttpClient, baseUrl: string): Promise<Discovery> {
  const url = `${baseUrl}${PATH}`;
  const response = await client.send({ method: 'GET', url }).catch((error: unknown) => {
    throw new Unreachable(
      `expected an answer from ${url}, got none: ${messageOf(error)}. Is the implementation running, and does --url name its scheme, host and port?`,
      { cause: error },
    );
  });
  const found = parsed(response);
  if (found !== undefined) return found;
  throw new Unreachable(
    `expected 200 with a discovery document from GET ${url}, got ${response.status} ${shortened(response.text, 120)}. ` +
      'Is this a Dispatchr recorder, and is --url its base, without /v1?',
  );
}

/** Name and version of an implementation for people, even if discovery lacks them. */
export function nameOf({ implementation }: Partial<Discovery>): string {
  const { name, version }: Partial<Discovery['implementation']> = implementation ?? {};
  return `${name ?? 'an implementation without a name'} ${version ?? ''}`.trim();
}

function parsed({ status, text }: HttpResponse): Discovery | undefined {
  if (status !== 200) return undefined;
  try {
    const found = JSON.parse(text) as Partial<Discovery>;
    const usable =
      Array.isArray(found.specVersions) && Array.isArray(found.features) && isObject(found.limits);
    return usable ? (found as Discovery) : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function messageOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message === undefined || message === '' ? (code ?? String(error)) : message;
}
