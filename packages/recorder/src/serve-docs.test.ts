import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { serveDocs } from './serve-docs.ts';

async function docsOf(path: string) {
  const app = Fastify();
  await serveDocs(app);
  const answer = await app.inject(path);
  await app.close();
  return answer;
}

test('the page may load from its own server only, over whatever scheme it came by', async () => {
  const policy = String((await docsOf('/docs')).headers['content-security-policy']);
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/https:|upgrade-insecure-requests|[a-z]\.[a-z]/);
});

test('the form of an operation sends no optional parameter that its reader did not fill in', async () => {
  const { paths } = (await docsOf('/docs/json')).json<{ paths: Record<string, Methods> }>();
  const optional = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ parameters = [] }) => parameters)
    .filter(({ required }) => !required);
  expect(optional.map(({ name }) => name)).toContain('Prefer');
  for (const parameter of optional) expect(parameter).not.toHaveProperty('example');
});

test.each(['/v1/tasks', '/v1/tasks/batch'])(
  'the example that the page would send to %s is for a target on the reader’s own machine',
  async (path) => {
    const { paths } = (await docsOf('/docs/json')).json<{ paths: Record<string, Methods> }>();
    const targets = JSON.stringify(paths[path]?.['post']?.requestBody).match(/"target":"[^"]*"/g);
    expect(targets).toEqual(['"target":"http://127.0.0.1:8000/tasks"']);
  },
);

type Methods = Record<string, { requestBody?: unknown; parameters?: { name: string; required: boolean }[] }>;
