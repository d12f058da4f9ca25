import type { HttpRequest } from './http-client.ts';

/** The shell command that sends the same request; secrets in `Authorization` are left out. */
export function curlOf({ method, url, headers = {}, body }: HttpRequest): string {
  const fields = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `-H ${quoted(`${name}: ${maskedValue(name, value)}`)}`),
  );
  const data = body === undefined ? [] : [`--data-binary ${dataOf(body)}`];
  const verb = method === 'GET' && body === undefined ? [] : [`-X ${method}`];
  return ['curl -i', ...verb, quoted(url), ...fields, ...data].join(' ');
}

function maskedValue(name: string, value: string): string {
  return name.toLowerCase() === 'authorization' ? 'Bearer $TOKEN' : value;
}

const LONGEST = 2000;

function dataOf(body: string | Buffer): string {
  const text = body.toString('utf8');
  if (text.length > LONGEST) return `@body.json  # ${text.length} characters, left out here`;
  if (typeof body === 'string' || Buffer.from(text).equals(body)) return quoted(text);
  // Bytes that are no UTF-8: the shell's own escapes carry them.
  return `$'${[...body].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
