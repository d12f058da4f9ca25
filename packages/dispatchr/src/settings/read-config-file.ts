import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';

/** The names looked for in the working directory when no config file is given. */
export const CONFIG_FILE_NAMES = [
  'dispatchr.config.json',
  'dispatchr.config.yaml',
  'dispatchr.config.yml',
] as const;

/** A config file's members, no file at all, or one sentence on what is wrong with it. */
export type ConfigFile =
  | { kind: 'none' }
  | { kind: 'read'; path: string; content: Record<string, unknown> }
  | { kind: 'refused'; problem: string };

/** Reads the config file: the given one, else the one in the folder, if any. */
export function readConfigFile(given: string | undefined, folder: string): ConfigFile {
  if (given !== undefined) return readFrom(resolve(folder, given), given);
  const found = CONFIG_FILE_NAMES.filter((name) => existsSync(join(folder, name)));
  if (found.length > 1) {
    return {
      kind: 'refused',
      problem: `expected one config file, got ${found.join(' and ')}: delete one of them`,
    };
  }
  return found[0] === undefined ? { kind: 'none' } : readFrom(join(folder, found[0]), found[0]);
}

function readFrom(path: string, shown: string): ConfigFile {
  let content: unknown;
  try {
    content = parseByExtension(path, readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    return { kind: 'refused', problem: `config file ${shown}: ${(error as Error).message.split('\n')[0]}` };
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { kind: 'refused', problem: `config file ${shown}: expected an object of settings` };
  }
  return { kind: 'read', path: shown, content: content as Record<string, unknown> };
}

function parseByExtension(path: string, text: string): unknown {
  if (/\.ya?ml$/.test(basename(path))) return parseYaml(text) ?? {};
  return JSON.parse(text);
}
