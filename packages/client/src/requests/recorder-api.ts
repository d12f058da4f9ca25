import type { paths } from '@dispatchr/contract';
import createOpenApiClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { ResolvedOptions } from '../client-options.ts';
import { DispatchrError } from '../errors/dispatchr-error.ts';
import { problemOfAnswer } from '../errors/problem-of-answer.ts';

/** The Recorder API, each operation typed by the contract. */
export type RecorderApi = Client<paths>;

/** Opens the Recorder API at the options' url; nothing is sent yet. */
export function openRecorderApi({ url, token, fetch }: ResolvedOptions): RecorderApi {
  return createOpenApiClient<paths>({
    baseUrl: url,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    // Followed, a redirected submit would become a GET.
    redirect: 'manual',
    fetch: async (request) => refuseForeign(request, await fetch(request)),
  });
}

/** A page that answers 200 to everything must not pass for a recorder. */
async function refuseForeign(request: Request, response: Response): Promise<Response> {
  const isJson = /^application\/(?:[^;]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');
  if (!response.ok || response.status === 204 || isJson) return response;
  const problem = { ...problemOfAnswer(response, await response.text()), title: 'This is no recorder' };
  throw new DispatchrError(`${request.method} ${new URL(request.url).pathname}`, problem);
}
