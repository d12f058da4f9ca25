import { didYouMean, nearestName } from './nearest-name.ts';
import { readValue } from './setting-kinds.ts';
import { definitionOf, flagOf, SETTING_NAMES, variablesOf } from './settings-catalogue.ts';
import type { SettingName, Settings } from './settings-catalogue.ts';

/** Where settings come from, strongest first. */
export interface SettingsInput {
  /** Values by setting name; absent and undefined are the same. */
  flags: Readonly<Record<string, unknown>>;
  environment: Readonly<Record<string, string | undefined>>;
  file?: { path: string; content: Readonly<Record<string, unknown>> };
}

/** Where one value came from: `label` is the flag, the variable, or the key and its file. */
export interface Origin {
  kind: 'flag' | 'environment' | 'file' | 'default';
  label: string;
}

/** Settings with the origin of each, or every problem that was found, one sentence each. */
export type ResolvedSettings =
  | { kind: 'resolved'; settings: Settings; origins: Record<SettingName, Origin> }
  | { kind: 'refused'; problems: string[] };

/** The variable that names the config file. */
export const CONFIG_FILE_VARIABLE = 'DISPATCHR_CONFIG';

/** Resolves every setting: flag, else environment, else config file, else default. Reports all problems together. */
export function resolveSettings(input: SettingsInput): ResolvedSettings {
  const problems = [...unknownVariables(input.environment), ...unknownKeys(input.file)];
  const settings: Partial<Record<SettingName, unknown>> = {};
  const origins: Partial<Record<SettingName, Origin>> = {};
  for (const name of SETTING_NAMES) {
    const { given, origin } = findGiven(name, input);
    origins[name] = origin;
    const read = origin.kind === 'default' ? { value: given } : readValue(definitionOf(name).kind, given);
    if ('expected' in read)
      problems.push(`${origin.label}: expected ${read.expected}, got ${show(name, given)}`);
    else if (read.value !== undefined) settings[name] = read.value;
  }
  const resolved = settings as Settings;
  if (problems.length === 0)
    problems.push(...contradictions(resolved, origins as Record<SettingName, Origin>));
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'resolved', settings: resolved, origins: origins as Record<SettingName, Origin> };
}

const PREFIX = 'DISPATCHR_';

function findGiven(name: SettingName, input: SettingsInput): { given: unknown; origin: Origin } {
  if (input.flags[name] !== undefined) {
    return { given: input.flags[name], origin: { kind: 'flag', label: flagOf(name) } };
  }
  for (const variable of variablesOf(name)) {
    const given = input.environment[variable];
    // An empty variable is an unset one: compose files pass `TOKEN: ${TOKEN:-}`.
    if (given === undefined || given === '' || isServiceLink(variable, given)) continue;
    return { given, origin: { kind: 'environment', label: variable } };
  }
  if (
    input.file !== undefined &&
    Object.hasOwn(input.file.content, name) &&
    input.file.content[name] !== undefined
  ) {
    return {
      given: input.file.content[name],
      origin: { kind: 'file', label: `${name} in ${input.file.path}` },
    };
  }
  return { given: definitionOf(name).default, origin: { kind: 'default', label: 'default' } };
}

function unknownVariables(environment: SettingsInput['environment']): string[] {
  const known = [CONFIG_FILE_VARIABLE, ...SETTING_NAMES.flatMap((name) => variablesOf(name)[0]!)];
  return Object.keys(environment)
    .filter((variable) => variable.startsWith(PREFIX) && !known.includes(variable))
    .filter((variable) => !isServiceLink(variable, environment[variable] ?? ''))
    .map((variable) => `${variable}: unknown variable${nearestVariable(variable, known)}`);
}

/** Compared without the prefix, which would make all of them alike. */
function nearestVariable(variable: string, known: readonly string[]): string {
  const nearest = nearestName(
    variable.slice(PREFIX.length),
    known.map((name) => name.slice(PREFIX.length)),
  );
  return nearest === undefined ? '' : ` (did you mean ${PREFIX}${nearest}?)`;
}

/**
 * Kubernetes and Docker links put variables named after a *service* into every container: a service `dispatchr`
 * yields DISPATCHR_SERVICE_HOST, DISPATCHR_PORT=tcp://10.0.0.1:9090 and DISPATCHR_PORT_9090_TCP_ADDR.
 */
function isServiceLink(variable: string, value: string): boolean {
  return (
    /^DISPATCHR_(\w+_)?SERVICE_(HOST|PORT(_\w+)?)$/.test(variable) ||
    /^DISPATCHR_(\w+_)?PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(variable) ||
    (/^DISPATCHR_(\w+_)?PORT$/.test(variable) && /^(tcp|udp|sctp):\/\//.test(value))
  );
}

function unknownKeys(file: SettingsInput['file']): string[] {
  if (file === undefined) return [];
  return Object.keys(file.content)
    .filter((key) => !(SETTING_NAMES as string[]).includes(key))
    .map((key) => `${key} in ${file.path}: unknown setting${didYouMean(key, SETTING_NAMES)}`);
}

function contradictions(settings: Settings, origins: Record<SettingName, Origin>): string[] {
  return [
    ...notBelow('maxBatchBytes', 'maxTaskBytes', settings, origins),
    ...notBelow('reconnectMaxIntervalMs', 'reconnectIntervalMs', settings, origins),
  ];
}

function notBelow(
  upper: 'maxBatchBytes' | 'reconnectMaxIntervalMs',
  lower: 'maxTaskBytes' | 'reconnectIntervalMs',
  settings: Settings,
  origins: Record<SettingName, Origin>,
): string[] {
  if (settings[upper] >= settings[lower]) return [];
  const label = origins[upper].kind === 'default' ? upper : origins[upper].label;
  return [`${label}: expected at least ${lower} (${settings[lower]}), got ${settings[upper]}`];
}

function show(name: SettingName, given: unknown): string {
  if (definitionOf(name).secret !== undefined) return 'something else (not shown: it is a secret)';
  return JSON.stringify(given) ?? String(given);
}
