import { describe, expect, it } from 'vitest';
import { readValue } from './setting-kinds.ts';
import { definitionOf, flagOf, SETTING_NAMES, variablesOf } from './settings-catalogue.ts';
import { settingsPage } from './settings-table.ts';

describe('the settings', () => {
  it.each(SETTING_NAMES)('%s has a default of its own kind, or words for having none', (name) => {
    const definition = definitionOf(name);
    if (definition.default === undefined) expect(definition.otherwise).toBeTypeOf('string');
    else expect(readValue(definition.kind, definition.default)).toEqual({ value: definition.default });
  });

  it('derive flag and variables from the name', () => {
    expect([flagOf('databaseListenUrl'), ...variablesOf('databaseUrl')]).toEqual([
      '--database-listen-url',
      'DISPATCHR_DATABASE_URL',
      'DATABASE_URL',
    ]);
  });

  it('all stand in the generated page with flag, variable and default', () => {
    const page = settingsPage();
    for (const name of SETTING_NAMES) {
      expect(page).toContain(`\n## ${name}\n`);
      expect(page).toContain(`\`${flagOf(name)}\``);
      expect(page).toContain(`\`${variablesOf(name)[0]}\``);
    }
    expect(page).toContain('`604800000` (7 days)');
  });
});
