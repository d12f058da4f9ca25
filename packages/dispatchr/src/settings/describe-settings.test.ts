import { describe, expect, it } from 'vitest';
import { describeSettings, renderSettings } from './describe-settings.ts';
import { resolveSettings } from './resolve-settings.ts';

describe('describeSettings', () => {
  it('lists value, default and source of every setting', () => {
    expect(describeGiven({ port: '8080' })).toContainEqual({
      name: 'port',
      value: 8080,
      default: 9090,
      source: '--port',
    });
  });

  it('masks tokens, signing secrets and the passwords of URLs', () => {
    const described = describeGiven({
      token: 'hush',
      signingSecrets: [`whsec_${'hush'.repeat(8)}`],
      databaseUrl: 'postgres://user:hush@db/app',
      databaseListenUrl: 'postgres://db/app?user=u&password=hush',
    });
    expect(JSON.stringify(described)).not.toContain('hush');
    expect(renderSettings(described)).not.toContain('hush');
    expect(described).toContainEqual({
      name: 'databaseUrl',
      value: 'postgres://user:***@db/app',
      source: '--database-url',
    });
  });

  it('says in words what holds without a value', () => {
    expect(renderSettings(describeGiven({}))).toMatch(/^databaseUrl +\(the embedded database in dataDir\)/m);
  });
});

function describeGiven(flags: Record<string, unknown>) {
  const result = resolveSettings({ flags, environment: {} });
  if (result.kind === 'refused') throw new Error(result.problems.join('\n'));
  return describeSettings(result.settings, result.origins);
}
