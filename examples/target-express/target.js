// A target for Dispatchr in Express. PORT is where it listens (default 8001); with SIGNING_SECRET set
// (one of the service's DISPATCHR_SIGNING_SECRETS) it refuses deliveries that are not signed with it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const { PORT = '8001', SIGNING_SECRET } = process.env;
const SIGNATURE_TOLERANCE_S = 300;

// A real target keeps these in its own database, in the transaction that does the work.
const done = new Set();

// What a task may be called, and what then happens.
const tasks = {
  'send-welcome-mail': async ({ userId }) => console.log(`  mail to user ${userId}`),
};

const app = express();

// The signature covers the bytes as they came, so the body is kept raw and parsed afterwards.
app.post(
  '/tasks',
  express.raw({ type: () => true, limit: '2mb' }),
  verifySignature,
  async (request, response) => {
    const id = request.get('Dispatchr-Task-Id');
    const { taskName, taskArgs } = JSON.parse(request.body);
    console.log(`${taskName} ${id}, attempt ${request.get('Dispatchr-Attempt')}`);

    // The same task may arrive twice (say, if our first answer was lost): say yes, do nothing.
    if (done.has(id)) return response.send('done before\n');
    // No later try can help: 422 fails the task at once.
    if (!Object.hasOwn(tasks, taskName)) return response.status(422).send(`no task is called ${taskName}\n`);

    // An exception becomes a 500, and the task is retried.
    await tasks[taskName](taskArgs);
    if (id) done.add(id);
    response.send('done\n');
  },
);

const server = app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${server.address().port}/tasks`);
});

// Standard Webhooks: one of the signatures is the HMAC-SHA256 of `id.timestamp.body`, and it is fresh.
function verifySignature(request, response, next) {
  if (!SIGNING_SECRET) return next();
  const timestamp = request.get('webhook-timestamp') ?? '';
  const key = Buffer.from(SIGNING_SECRET.replace(/^whsec_/, ''), 'base64');
  const signed = createHmac('sha256', key)
    .update(`${request.get('webhook-id')}.${timestamp}.`)
    .update(request.body);
  const expected = Buffer.from(`v1,${signed.digest('base64')}`);
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) <= SIGNATURE_TOLERANCE_S;
  const given = (request.get('webhook-signature') ?? '').split(' ').map((each) => Buffer.from(each));
  const matches = given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
  if (isFresh && matches) next();
  else response.status(401).send('the signature does not match\n');
}
