import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { parseSigningSecrets } from '@dispatchr/scheduler';

/** What a setting may hold; `integer` carries its inclusive range and unit. */
export type SettingKind =
  | { type: 'text'; pattern: RegExp; expected: string }
  | { type: 'integer'; min: number; max: number; unit?: 'ms' | 'bytes' }
  | { type: 'boolean' }
  | { type: 'choice'; values: readonly string[] }
  | { type: 'list'; item: 'allowed-target' | 'signing-secret' }
  | { type: 'postgres-url'; orOff?: true };

/** The TypeScript value a kind of setting resolves to. */
export type ValueOfKind<K extends SettingKind> = K extends { type: 'integer' }
  ? number
  : K extends { type: 'boolean' }
    ? boolean
    : K extends { type: 'list' }
      ? string[]
      : K extends { type: 'choice'; values: readonly (infer V)[] }
        ? V
        : string;

/** A value that was read, or what was expected in its place. */
export type ReadValue = { value: unknown } | { expected: string };

/** Reads one value: text from a flag or a variable, or a JSON value from the config file. */
export function readValue(kind: SettingKind, given: unknown): ReadValue {
  switch (kind.type) {
    case 'text':
      return typeof given === 'string' && kind.pattern.test(given)
        ? { value: given }
        : { expected: kind.expected };
    case 'integer':
      return readInteger(kind, given);
    case 'boolean':
      return readBoolean(given);
    case 'choice':
      return kind.values.includes(given as string) ? { value: given } : { expected: describeKind(kind) };
    case 'list':
      return readList(kind.item, given);
    case 'postgres-url':
      return readPostgresUrl(kind, given);
  }
}

/** Says in words what a kind accepts, for messages and for the docs. */
export function describeKind(kind: SettingKind): string {
  switch (kind.type) {
    case 'text':
      return kind.expected;
    case 'integer':
      return `an integer from ${kind.min} to ${kind.max}${kind.unit === undefined ? '' : ` (${kind.unit})`}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${kind.values.join(', ')}`;
    case 'list':
      return kind.item === 'allowed-target'
        ? 'a list of addresses like 10.1.0.0/16:8080'
        : 'a list of secrets like whsec_ and base64 of 24 to 64 bytes';
    case 'postgres-url':
      return `a URL like postgres://user:password@host:5432/database${kind.orOff ? ', or off' : ''}`;
  }
}

function readInteger(kind: Extract<SettingKind, { type: 'integer' }>, given: unknown): ReadValue {
  const value = typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given;
  const fits = Number.isSafeInteger(value) && (value as number) >= kind.min && (value as number) <= kind.max;
  return fits ? { value } : { expected: describeKind(kind) };
}

function readBoolean(given: unknown): ReadValue {
  if (typeof given === 'boolean') return { value: given };
  if (given === 'true' || given === 'false') return { value: given === 'true' };
  return { expected: 'true or false' };
}

function readList(item: 'allowed-target' | 'signing-secret', given: unknown): ReadValue {
  const parts = Array.isArray(given) ? given : [given];
  if (!parts.every((part) => typeof part === 'string'))
    return { expected: describeKind({ type: 'list', item }) };
  const items = parts.flatMap((part: string) => part.split(',')).map((part) => part.trim());
  const entries = items.filter((entry) => entry !== '');
  for (const entry of entries) {
    const expected = item === 'allowed-target' ? refuseAllowedTarget(entry) : refuseSigningSecret(entry);
    if (expected !== undefined) return { expected };
  }
  return { value: entries };
}

function refuseAllowedTarget(entry: string): string | undefined {
  try {
    parseTargetPolicy({ allow: [entry], listensOnLoopback: false });
    return undefined;
  } catch {
    return `${describeKind({ type: 'list', item: 'allowed-target' })} (${JSON.stringify(entry)} is none)`;
  }
}

/** The secret itself is never repeated. */
function refuseSigningSecret(entry: string): string | undefined {
  try {
    parseSigningSecrets([entry]);
    return undefined;
  } catch {
    return describeKind({ type: 'list', item: 'signing-secret' });
  }
}

function readPostgresUrl(kind: Extract<SettingKind, { type: 'postgres-url' }>, given: unknown): ReadValue {
  if (kind.orOff && given === 'off') return { value: 'off' };
  const isPostgres = typeof given === 'string' && /^postgres(ql)?:$/.test(protocolOf(given));
  return isPostgres ? { value: given } : { expected: describeKind(kind) };
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol;
  } catch {
    return '';
  }
}
