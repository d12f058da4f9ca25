import { RawJson } from './raw-json.ts';

/** The JSON text of a response body; raw values in it are written as they are. */
export function jsonText(body: unknown): string {
  if (body instanceof RawJson) return body.text;
  if (!hasRaw(body)) return JSON.stringify(body);
  if (Array.isArray(body)) return `[${body.map(jsonText).join(',')}]`;
  const members = Object.entries(body).filter(([, value]) => value !== undefined);
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${jsonText(value)}`).join(',')}}`;
}

/** A member of an item of a page is the deepest raw value there is. */
const DEEPEST = 3;

function hasRaw(value: unknown, levels = DEEPEST): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof RawJson) return true;
  return levels > 0 && Object.values(value).some((member) => hasRaw(member, levels - 1));
}
