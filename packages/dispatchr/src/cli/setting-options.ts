import { Option } from 'commander';
import type { Command } from 'commander';
import { describeKind } from '../settings/setting-kinds.ts';
import { definitionOf, flagOf, SETTING_NAMES } from '../settings/settings-catalogue.ts';
import type { Role, SettingDefinition, SettingName } from '../settings/settings-catalogue.ts';
import { collect } from './options/collect.ts';

/** Adds `--config`, a flag for every setting that a command reads, and where else they come from; values stay text. */
export function addSettingOptions(command: Command, role?: Role): Command {
  command.addOption(new Option('--config <file>', 'config file (JSON, or YAML by extension)'));
  for (const name of SETTING_NAMES) {
    const definition = definitionOf(name);
    if (role !== undefined && !definition.roles.includes(role)) continue;
    for (const option of optionsOf(name, definition)) command.addOption(option);
  }
  return command.addHelpText('after', ELSEWHERE);
}

const ELSEWHERE = `
Each flag has its environment variable (--data-dir is DISPATCHR_DATA_DIR) and its key in a config file (dataDir).
'dispatchr config' prints which value counts and where it comes from.`;

function optionsOf(name: SettingName, definition: SettingDefinition): Option[] {
  const flag = flagOf(name);
  const meaning = definition.meaning.replaceAll('`', '');
  const described = definition.default === undefined ? meaning : `${meaning} [${showDefault(definition)}]`;
  switch (definition.kind.type) {
    case 'boolean':
      return [
        new Option(`${flag} [true|false]`, described),
        new Option(flag.replace('--', '--no-')).hideHelp(),
      ];
    case 'list':
      return [new Option(`${flag} <value>`, described).argParser(collect)];
    case 'choice':
      return [new Option(`${flag} <word>`, described)];
    case 'integer':
      return [new Option(`${flag} <${definition.kind.unit ?? 'n'}>`, described)];
    default:
      return [new Option(`${flag} <${definition.kind.type === 'text' ? 'text' : 'url'}>`, described)];
  }
}

function showDefault({ kind, default: value }: SettingDefinition): string {
  if (Array.isArray(value)) return 'none';
  return kind.type === 'choice' ? `${String(value)}; ${describeKind(kind)}` : String(value);
}
