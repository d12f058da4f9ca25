import { definitionOf, SETTING_NAMES } from './settings-catalogue.ts';
import type { SettingName, Settings } from './settings-catalogue.ts';
import type { Origin } from './resolve-settings.ts';

/** One line of `dispatchr config`; secrets are masked, absent values are left out. */
export interface DescribedSetting {
  name: SettingName;
  value?: unknown;
  default?: unknown;
  source: string;
}

/** Lists every setting with its value, default and source, in catalogue order. */
export function describeSettings(
  settings: Settings,
  origins: Record<SettingName, Origin>,
): DescribedSetting[] {
  return SETTING_NAMES.map((name) => {
    const value = maskSecret(name, settings[name]);
    const fallback = definitionOf(name).default;
    return {
      name,
      ...(value === undefined ? {} : { value }),
      ...(fallback === undefined ? {} : { default: fallback }),
      source: origins[name].label,
    };
  });
}

/** Renders the list as aligned columns for people. */
export function renderSettings(described: DescribedSetting[]): string {
  const rows = described.map((setting) => [
    setting.name,
    showValue(setting.value, setting.name),
    showValue(setting.default, setting.name),
    setting.source,
  ]);
  const table = [['setting', 'value', 'default', 'source'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .join('\n');
}

/** Hides a secret: `***` for tokens and signing secrets, the password inside a URL. */
export function maskSecret(name: SettingName, value: unknown): unknown {
  const secret = definitionOf(name).secret;
  if (secret === undefined || value === undefined) return value;
  if (secret === 'password') return maskPassword(value as string);
  return Array.isArray(value) ? value.map(() => '***') : '***';
}

/** Hides the password of a database URL, also where it stands in the query. */
export function maskPassword(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  if (parsed.searchParams.has('password')) parsed.searchParams.set('password', '***');
  return parsed.href;
}

function showValue(value: unknown, name: SettingName): string {
  if (value === undefined) return `(${(definitionOf(name).otherwise ?? '').replaceAll('`', '')})`;
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
