import type { Problem } from '@dispatchr/contract';

const SHOWN_CHARACTERS = 200;

/** The problem that an answer carries; one of the type `about:blank` for what is none of the recorder's problems. */
export function problemOfAnswer(response: Response, body: unknown): Problem {
  if (isProblem(body)) return { ...body, status: response.status };
  const title = response.statusText || 'The answer is not one of a recorder';
  return { type: 'about:blank', title, status: response.status, detail: describe(response, body) };
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { type, title } = body as Partial<Problem>;
  return typeof type === 'string' && typeof title === 'string';
}

function describe(response: Response, body: unknown): string {
  const location = response.headers.get('location');
  if (location !== null && response.status < 400) return `expected no redirect, got one to ${location}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const got = text.trim() === '' ? 'no body' : `"${text.trim().slice(0, SHOWN_CHARACTERS)}"`;
  return `expected an answer of a Dispatchr recorder, got ${got}`;
}
