import { describe, expect, it } from 'vitest';
import { resolveSettings } from './resolve-settings.ts';
import type { SettingsInput } from './resolve-settings.ts';

describe('resolveSettings', () => {
  it('gives every setting its default when nothing is given', () => {
    const { settings, origins } = resolved({});
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 9090, dataDir: '.dispatchr', targetAllow: [] });
    expect(settings).not.toHaveProperty('databaseUrl');
    expect(origins.port).toEqual({ kind: 'default', label: 'default' });
  });

  it.each<[string, Partial<SettingsInput>, number, string]>([
    [
      'a flag over everything',
      { flags: { port: '1' }, environment: { DISPATCHR_PORT: '2', PORT: '3' }, file: file({ port: 4 }) },
      1,
      '--port',
    ],
    [
      'DISPATCHR_PORT over PORT and the file',
      { environment: { DISPATCHR_PORT: '2', PORT: '3' }, file: file({ port: 4 }) },
      2,
      'DISPATCHR_PORT',
    ],
    ['PORT over the file', { environment: { PORT: '3' }, file: file({ port: 4 }) }, 3, 'PORT'],
    ['the file over the default', { file: file({ port: 4 }) }, 4, 'port in dispatchr.config.json'],
    [
      'the file when the variable is empty',
      { environment: { PORT: '' }, file: file({ port: 4 }) },
      4,
      'port in dispatchr.config.json',
    ],
  ])('takes %s', (_, input, port, label) => {
    const { settings, origins } = resolved(input);
    expect(settings.port).toBe(port);
    expect(origins.port.label).toBe(label);
  });

  it.each<[Record<string, string>, string]>([
    [{ DISPATCHR_PORT: '70000' }, 'DISPATCHR_PORT: expected an integer from 0 to 65535, got "70000"'],
    [{ DISPATCHR_PORT: '9090x' }, 'DISPATCHR_PORT: expected an integer from 0 to 65535, got "9090x"'],
    [
      { DISPATCHR_POLL_INTERVAL_MS: '1s' },
      'DISPATCHR_POLL_INTERVAL_MS: expected an integer from 10 to 60000 (ms), got "1s"',
    ],
    [{ DISPATCHR_DATABASE_PREPARE: 'yes' }, 'DISPATCHR_DATABASE_PREPARE: expected true or false, got "yes"'],
    [{ DISPATCHR_LOG_FORMAT: 'xml' }, 'DISPATCHR_LOG_FORMAT: expected one of auto, json, pretty, got "xml"'],
    [
      { DISPATCHR_CONCURENCY: '5' },
      'DISPATCHR_CONCURENCY: unknown variable (did you mean DISPATCHR_CONCURRENCY?)',
    ],
    [{ DISPATCHR_BLUE_MOON: '5' }, 'DISPATCHR_BLUE_MOON: unknown variable'],
    [{ DISPATCHR_X: '5' }, 'DISPATCHR_X: unknown variable'],
  ])('refuses %j by name', (environment, problem) => {
    expect(refused({ environment })).toEqual([problem]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ prot: 1 }, 'prot in dispatchr.config.json: unknown setting (did you mean port?)'],
    [{ port: '9091 ' }, 'port in dispatchr.config.json: expected an integer from 0 to 65535, got "9091 "'],
    [{ port: null }, 'port in dispatchr.config.json: expected an integer from 0 to 65535, got null'],
    [{ host: 7 }, 'host in dispatchr.config.json: expected an IP address or a host name, got 7'],
  ])('refuses the config file %j by name', (content, problem) => {
    expect(refused({ file: file(content) })).toEqual([problem]);
  });

  it('reports all problems together', () => {
    const problems = refused({
      flags: { port: 'a' },
      environment: { DISPATCHR_X: '1' },
      file: file({ y: 1 }),
    });
    expect(problems.map((problem) => problem.split(/[: ]/)[0])).toEqual(['DISPATCHR_X', 'y', '--port']);
  });

  it.each([
    ['a flag given twice', { flags: { targetAllow: ['10.1.0.0/16:8080', '10.2.0.1'] } }],
    ['a variable with a comma', { environment: { DISPATCHR_TARGET_ALLOW: '10.1.0.0/16:8080, 10.2.0.1' } }],
    ['an array in the file', { file: file({ targetAllow: ['10.1.0.0/16:8080', '10.2.0.1'] }) }],
  ])('reads a list from %s', (_, input) => {
    expect(resolved(input).settings.targetAllow).toEqual(['10.1.0.0/16:8080', '10.2.0.1']);
  });

  it('names the entry of a list that is wrong', () => {
    expect(refused({ flags: { targetAllow: ['10.1.0.0/16', 'example.com/x'] } })[0]).toContain(
      '"example.com/x"',
    );
  });

  it.each([
    { DISPATCHR_SIGNING_SECRETS: 'whsec_c2VjcmV0' },
    { DISPATCHR_TOKEN: 'hush hush' },
    { DATABASE_URL: 'mysql://u:hush@h/d' },
  ])('never repeats a secret that is wrong: %j', (environment) => {
    const [problem] = refused({ environment });
    expect(problem).toContain('expected');
    expect(problem).not.toMatch(/c2VjcmV0|hush/);
  });

  it('takes signing secrets of Standard Webhooks', () => {
    const secrets = [`whsec_${'A'.repeat(32)}`, `whsec_${'B'.repeat(43)}=`];
    const { settings } = resolved({ environment: { DISPATCHR_SIGNING_SECRETS: secrets.join(',') } });
    expect(settings.signingSecrets).toEqual(secrets);
  });

  it('refuses limits that contradict each other', () => {
    expect(refused({ flags: { maxBatchBytes: '2048', maxTaskBytes: '4096' } })).toEqual([
      '--max-batch-bytes: expected at least maxTaskBytes (4096), got 2048',
    ]);
  });

  it('leaves the variables alone that Kubernetes makes up for a service called dispatchr', () => {
    const environment = {
      DISPATCHR_PORT: 'tcp://10.0.0.1:9090',
      DISPATCHR_SERVICE_HOST: '10.0.0.1',
      DISPATCHR_SERVICE_PORT: '9090',
      DISPATCHR_SERVICE_PORT_HTTP: '9090',
      DISPATCHR_PORT_9090_TCP: 'tcp://10.0.0.1:9090',
      DISPATCHR_PORT_9090_TCP_ADDR: '10.0.0.1',
      DISPATCHR_RECORDER_PORT: 'tcp://10.0.0.2:9090',
    };
    expect(resolved({ environment }).settings.port).toBe(9090);
  });
});

function file(content: Record<string, unknown>): NonNullable<SettingsInput['file']> {
  return { path: 'dispatchr.config.json', content };
}

function resolved(input: Partial<SettingsInput>) {
  const result = resolveSettings({ flags: {}, environment: {}, ...input });
  if (result.kind === 'refused') throw new Error(result.problems.join('\n'));
  return result;
}

function refused(input: Partial<SettingsInput>): string[] {
  const result = resolveSettings({ flags: {}, environment: {}, ...input });
  if (result.kind === 'resolved') throw new Error('expected the settings to be refused');
  return result.problems;
}
