import { maskPassword } from '../settings/describe-settings.ts';
import type { Settings } from '../settings/settings-catalogue.ts';
import { VERSION } from '../version.ts';

/** What a person sees on a terminal after the start: where it listens, where its docs are, and a first task. */
export function banner(settings: Settings, url: string | undefined): string {
  const lines = [`Dispatchr ${VERSION}`, ''];
  if (url !== undefined) lines.push(`  API       ${url}`, `  Docs      ${url}/docs`);
  lines.push(`  Database  ${databaseOf(settings)}`, '');
  if (url !== undefined)
    lines.push('Send a task to an endpoint of your own:', ...firstTask(settings, url), '');
  return `${lines.join('\n')}\n`;
}

/** The database in one phrase, without its password. */
export function databaseOf(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): string {
  return settings.databaseUrl === undefined
    ? `embedded, in ${settings.dataDir}`
    : maskPassword(settings.databaseUrl);
}

function firstTask(settings: Settings, url: string): string[] {
  const token = settings.token === undefined ? [] : [`    -H "authorization: Bearer $DISPATCHR_TOKEN" \\`];
  return [
    `  curl ${url}/v1/tasks -H 'content-type: application/json' \\`,
    ...token,
    `    -d '{"target":"http://127.0.0.1:8000/","taskName":"hello","taskArgs":{"name":"world"}}'`,
  ];
}
