import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient, startServiceProcess } from '@dispatchr/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { endAfterTest, runExample, startExample } from './start-example.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

test('the target and the producer of docs/getting-started.md run as they stand', async () => {
  const [target = '', producer = ''] = codeBlocks(read('docs/getting-started.md'), 'ts');
  const folder = mkdtempSync(join(tmpdir(), 'dispatchr-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const service = await startServiceProcess(['serve', '--port', '0', '--data-dir', folder], {}, endAfterTest);

  const said = 'console.log(`listening on http://127.0.0.1:${this.address().port}`);\n';
  const listening = replaceOnce(target, '.listen(8000)', `.listen(0, '127.0.0.1', function () { ${said} })`);
  const { url, output } = await startExample(process.execPath, evaluated(listening));
  const elsewhere = replaceOnce(producer, "'http://127.0.0.1:8000/tasks'", `'${url}/tasks'`);
  const submitted = await runExample(
    process.execPath,
    evaluated(replaceOnce(elsewhere, 'createClient()', `createClient({ url: '${service.url}' })`)),
    {},
  );
  expect(submitted, submitted.stderr).toMatchObject({ code: 0, stdout: 'pending\n' });
  const ended = await createApiClient(service.url).until('order-7:receipt', ['completed', 'failed']);
  expect(ended.state).toBe('completed');
  expect(output()).toContain('receipt for order 7 (task order-7:receipt)');
});

test('every link of the documentation leads to a file and a heading that are there', () => {
  const pages = [
    'README.md',
    'spec/README.md',
    ...pagesBelow('docs'),
    ...pagesBelow('examples'),
    ...pagesBelow('packages'),
  ];
  const broken = pages.flatMap((page) =>
    linksOf(read(page))
      .filter((link) => !leadsSomewhere(page, link))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => join(folder, file));
}

function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, code = '']) => code,
  );
}

/** The words for Node to run code as a module in TypeScript. */
function evaluated(code: string): string[] {
  return ['--conditions=@dispatchr/source', '--input-type=module-typescript', '--eval', code];
}

function replaceOnce(code: string, part: string, by: string): string {
  expect(code.split(part), `${part} in ${code}`).toHaveLength(2);
  return code.replace(part, () => by);
}

/** The links of a page that lead to something in this repository. */
function linksOf(page: string): string[] {
  const prose = page.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const file = relative(ROOT, path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, file))) return false;
  return heading === undefined || headingsOf(read(file)).includes(heading);
}

/** The anchors of a page's headings, as GitHub makes them. */
function headingsOf(page: string): string[] {
  return [...page.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
