import { settingsPage } from './settings-table.ts';

process.stdout.write(settingsPage());
