// A shop in Fastify. The recorder is mounted at /dispatchr, on the shop's own database, and tasks come back to /tasks.
// It needs DATABASE_URL; PORT is where it listens (default 8003). A `dispatchr scheduler` on the same database delivers.
import { createClient } from '@dispatchr/client';
import { createTarget, task, toFastifyPlugin } from '@dispatchr/client/target';
import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { createRecorder } from '@dispatchr/recorder';
import Fastify from 'fastify';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { openTaskStore } from './open-task-store.ts';

const { DATABASE_URL, PORT = '8003' } = process.env;
if (DATABASE_URL === undefined) throw new Error('expected DATABASE_URL, got none');

const store = await openTaskStore(DATABASE_URL);
// Receipts by order; a real shop keeps them in its database.
const receipts = new Map<number, string>();

const target = createTarget({
  tasks: {
    'send-receipt': task({
      args: z.object({ orderId: z.int() }),
      run: ({ orderId }, { taskId }) => void receipts.set(orderId, taskId),
    }),
  },
});

// Ids of tasks are paths of the recorder, and may be that long.
const app = Fastify({ routerOptions: { maxParamLength: 512 } });
app.addHook('onClose', () => store.close());

// Nothing but this machine reaches the app, so loopback may be a target; anywhere else it also needs a `token`.
const targetPolicy = parseTargetPolicy({ listensOnLoopback: true, allow: [] });
await app.register(createRecorder({ store, newId, now: Date.now, targetPolicy }), { prefix: '/dispatchr' });
await app.register(toFastifyPlugin(target, { path: '/tasks' }));

const schema = { params: { type: 'object', properties: { orderId: { type: 'integer' } } } };

app.post<{ Params: { orderId: number } }>('/orders/:orderId', { schema }, async ({ params }, reply) => {
  const { orderId } = params;
  // With an id of the shop's own, an order that is placed twice has one receipt.
  const { id } = await client.submit({
    id: `receipt-${orderId}`,
    target: `${url}/tasks`,
    taskName: 'send-receipt',
    taskArgs: { orderId },
  });
  return reply.code(202).send({ orderId, taskId: id });
});

app.get<{ Params: { orderId: number } }>('/orders/:orderId', { schema }, async ({ params: { orderId } }) => ({
  orderId,
  receiptSentBy: receipts.get(orderId) ?? null,
}));

const url = await app.listen({ host: '127.0.0.1', port: Number(PORT) });
const client = createClient({ url: `${url}/dispatchr` });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void app.close());
console.log(`listening on ${url}`);
