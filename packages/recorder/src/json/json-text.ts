import { RawJson } from './raw-json.ts';

/** The JSON text of a response body; raw members at its top are written as they are, after the others. */
export function jsonText(body: unknown): string {
  if (typeof body !== 'object' || body === null) return JSON.stringify(body);
  const rawMembers = Object.entries(body).filter(
    (entry): entry is [string, RawJson] => entry[1] instanceof RawJson,
  );
  if (rawMembers.length === 0) return JSON.stringify(body);
  const rawNames = new Set(rawMembers.map(([name]) => name));
  const others = Object.entries(body).filter(([name, value]) => value !== undefined && !rawNames.has(name));
  const texts = others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  texts.push(...rawMembers.map(([name, { text }]) => `${JSON.stringify(name)}:${text}`));
  return `{${texts.join(',')}}`;
}
