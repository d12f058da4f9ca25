import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ApiClient,
  createApiClient,
  createTestDatabase,
  type ServiceProcess,
  startServiceProcess,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCurl, hasPython } from './has-program.ts';
import { endAfterTest, runDispatchr, runExample, startExample, startTypeScript } from './start-example.ts';

const SIGNING_SECRET = `whsec_${Buffer.alloc(32, 'examples').toString('base64')}`;

/** Every example is started as its README says, against a service that runs as a user's would. */
let folder: string;
let service: ServiceProcess;
let api: ApiClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-examples-'));
  const words = ['serve', '--port', '0', '--data-dir', folder];
  service = await startServiceProcess(words, { DISPATCHR_SIGNING_SECRETS: SIGNING_SECRET });
  api = createApiClient(service.url);
});
afterAll(async () => {
  await service?.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

describe('examples/express-app', () => {
  it('takes typed tasks, and says no with the right status', async () => {
    const { url, output } = await startTypeScript('express-app/app.ts');
    const target = `${url}/tasks`;
    const run = async (id: string, taskName: string, taskArgs: unknown) => {
      await api.submit({ id, target, taskName, taskArgs });
      return api.until(id, ['completed', 'failed']);
    };

    const receipt = { orderId: 7, email: 'ann@example.com' };
    expect(await run('receipt-7', 'send-receipt', receipt)).toMatchObject({ state: 'completed', attempt: 1 });
    expect(output()).toContain('receipt for order 7 to ann@example.com (task receipt-7, attempt 1)');

    const wrong = { orderId: 'seven', email: 'ann@example.com' };
    expect(await run('receipt-8', 'send-receipt', wrong)).toMatchObject({ reason: 'rejected', attempt: 1 });
    expect((await api.attempts('receipt-8'))[0]).toMatchObject({
      status: 422,
      responseBody: expect.stringContaining('/taskArgs/orderId'),
    });

    const stolen = { orderId: 7, card: 'stolen' };
    expect(await run('charge-7', 'charge-card', stolen)).toMatchObject({ reason: 'rejected', attempt: 1 });
    const closed = { orderId: 7, card: 'bank-closed' };
    expect(await run('charge-8', 'charge-card', closed)).toMatchObject({ state: 'completed', attempt: 2 });
  });
});

describe.each([
  ['examples/express-app', 'express-app/app.ts', '/tasks'],
  ['examples/fetch-handler', 'fetch-handler/serve.ts', '/api/tasks'],
  ['examples/target-express', 'target-express/target.js', ''],
])('%s with a signing secret', (_name, file, path) => {
  it('takes signed deliveries only', async () => {
    const { url } = await startTypeScript(file, { SIGNING_SECRET });
    const target = `${url}${path}`;
    // No handler has the name: what is signed gets that far, 404 or 422.
    const { id } = await api.submit({ target, taskName: 'unknown', retry: { maxAttempts: 1 } });
    await api.until(id, ['failed']);
    expect((await api.attempts(id))[0]?.status).toBeOneOf([404, 422]);

    const forged = await fetch(target, { method: 'POST', body: '{"taskName":"unknown","taskArgs":null}' });
    expect(forged.status).toBe(401);
  });
});

describe('examples/fetch-handler', () => {
  it('takes tasks with a function from Request to Response', async () => {
    const { url, output } = await startTypeScript('fetch-handler/serve.ts');
    const task = { target: `${url}/api/tasks`, taskName: 'resize-image' };
    const { id } = await api.submit({ ...task, taskArgs: { key: 'cat.png', width: 320 } });
    expect(await api.until(id, ['completed', 'failed'])).toMatchObject({ state: 'completed', attempt: 1 });
    expect(output()).toContain(`cat.png to 320 pixels (task ${id})`);

    const wrong = await api.submit({ ...task, taskArgs: { key: 'cat.png', width: -1 } });
    expect(await api.until(wrong.id, ['completed', 'failed'])).toMatchObject({ reason: 'rejected' });
  });
});

describe('examples/fastify-app', () => {
  it('records, delivers to itself, and sends one receipt for an order', async () => {
    const database = await createTestDatabase();
    const environment = { DATABASE_URL: database.url };
    const [app, scheduler] = await Promise.all([
      startTypeScript('fastify-app/app.ts', environment),
      startServiceProcess(['scheduler'], environment, endAfterTest),
    ]);
    const order = `${app.url}/orders/1842`;

    for (const _ of ['placed', 'placed again']) {
      const placed = await fetch(order, { method: 'POST' });
      expect(placed.status).toBe(202);
      expect(await placed.json()).toEqual({ orderId: 1842, taskId: 'receipt-1842' });
    }
    const tasks = createApiClient(`${app.url}/dispatchr`);
    expect(await tasks.until('receipt-1842', ['completed', 'failed'])).toMatchObject({
      state: 'completed',
      attempt: 1,
    });
    expect(await (await fetch(order)).json()).toEqual({ orderId: 1842, receiptSentBy: 'receipt-1842' });
    const listed = await runDispatchr(['tasks', '--url', `${app.url}/dispatchr`]);
    expect(listed, listed.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('receipt-1842') });

    app.child.kill('SIGTERM');
    expect(await once(app.child, 'exit')).toEqual([0, null]);
    await scheduler.end('SIGTERM');
    await database.drop();
  });
});

describe('examples/target-express', () => {
  it('takes a task without any package of ours', async () => {
    const { url, output } = await startExample(process.execPath, ['target-express/target.js']);
    const task = { target: url, taskName: 'send-welcome-mail', taskArgs: { userId: 42 } };
    const { id } = await api.submit(task);
    expect(await api.until(id, ['completed', 'failed'])).toMatchObject({ state: 'completed' });
    expect(output()).toContain('mail to user 42');
  });
});

describe.skipIf(!hasCurl())('examples/shell', () => {
  it('submits with curl, waits, and shows the end', async () => {
    const { url, output } = await startTypeScript('express-app/app.ts');
    const submit = (target: string) =>
      runExample('sh', ['shell/submit.sh', 'from-shell'], { DISPATCHR_URL: service.url, TARGET: target });

    for (const _ of ['first', 'repeated']) {
      const ended = await submit(`${url}/tasks`);
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      expect(ended.stdout).toContain('"status":204');
      expect(ended.stdout).toMatch(/\nfrom-shell is completed\n$/);
    }
    expect(output().match(/task from-shell/g)).toHaveLength(1);

    const conflict = await submit(`${url}/elsewhere`);
    expect(conflict).toMatchObject({ stdout: '', stderr: expect.stringContaining('409') });
    expect(conflict.code).not.toBe(0);
  });
});

describe.skipIf(!hasPython())('examples/python', () => {
  it('submits, waits through a retry, and shows the end', async () => {
    const words = ['-u', 'target-python/target.py', '--fail-first', '1'];
    const target = await startExample('python3', words);
    const ended = await runExample(
      'python3',
      ['python/producer.py', '--id', 'from-python', '--target', `${target.url}/tasks`],
      { DISPATCHR_URL: service.url },
    );
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(ended.stdout).toMatch(/^attempt 1 got 500 after \d+ ms\nattempt 2 got 200 after \d+ ms\n/);
    expect(ended.stdout).toContain('from-python is completed');
    expect(target.output()).toContain('-> 500 failing delivery 1 on purpose');
  });

  it('says what went wrong, and why', async () => {
    const words = ['python/producer.py', '--wait', '0'];
    const nobody = await runExample('python3', words, { DISPATCHR_URL: 'http://127.0.0.1:1' });
    expect(nobody).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no answer from http://127.0.0.1:1'),
    });
    const refused = await runExample('python3', [...words, '--target', 'ftp://a'], {
      DISPATCHR_URL: service.url,
    });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('the recorder answered 400') });
  });
});
