import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigFile } from './read-config-file.ts';

describe('readConfigFile', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'dispatchr-config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  it('finds nothing in a folder without a config file', () => {
    expect(readConfigFile(undefined, folder)).toEqual({ kind: 'none' });
  });

  it.each([
    ['dispatchr.config.json', '\uFEFF{"port": 8080, "targetAllow": ["10.0.0.1"]}'],
    ['dispatchr.config.yaml', 'port: 8080\ntargetAllow:\n  - 10.0.0.1\n'],
    ['dispatchr.config.yml', 'port: 8080\ntargetAllow: [10.0.0.1]\n'],
  ])('reads %s', (name, text) => {
    write(name, text);
    expect(readConfigFile(undefined, folder)).toEqual({
      kind: 'read',
      path: name,
      content: { port: 8080, targetAllow: ['10.0.0.1'] },
    });
  });

  it('reads a given file instead of the one in the folder', () => {
    write('dispatchr.config.json', '{"port": 1}');
    write('other.json', '{"port": 2}');
    expect(readConfigFile('other.json', folder)).toMatchObject({ path: 'other.json', content: { port: 2 } });
  });

  it('refuses two config files', () => {
    write('dispatchr.config.json', '{}');
    write('dispatchr.config.yml', '');
    expect(readConfigFile(undefined, folder)).toEqual({
      kind: 'refused',
      problem:
        'expected one config file, got dispatchr.config.json and dispatchr.config.yml: delete one of them',
    });
  });

  it.each([
    ['x.json', '{"port": }', /^config file x\.json: .*JSON/],
    ['x.json', '[1]', /^config file x\.json: expected an object of settings$/],
    ['x.yaml', 'port: 1\nport: 2', /^config file x\.yaml: .*unique/],
    ['x.yaml', 'just text', /^config file x\.yaml: expected an object of settings$/],
  ])('refuses %s holding %j in one sentence', (name, text, problem) => {
    write(name, text);
    const file = readConfigFile(name, folder);
    expect(file.kind === 'refused' && file.problem).toMatch(problem);
  });

  it('says which given file is missing', () => {
    const file = readConfigFile('gone.json', folder);
    expect(file.kind === 'refused' && file.problem).toMatch(/^config file gone\.json: ENOENT/);
  });
});
