// A target in Express: typed handlers whose arguments zod checks. PORT is where it listens (default 8001); with
// SIGNING_SECRET set (one of the service's DISPATCHR_SIGNING_SECRETS) it takes signed deliveries only.
import type { AddressInfo } from 'node:net';
import { Reject, RetryLater, createTarget, task, toExpressHandler } from '@dispatchr/client/target';
import express from 'express';
import { z } from 'zod';

const { PORT = '8001', SIGNING_SECRET } = process.env;

const sendReceipt = task({
  args: z.object({ orderId: z.int(), email: z.email() }),
  run: ({ orderId, email }, { taskId, attempt }) => {
    // A mail cannot be unsent: a real handler gives its provider the task's id as the key of the mail.
    console.log(`receipt for order ${orderId} to ${email} (task ${taskId}, attempt ${attempt})`);
  },
});

const chargeCard = task({
  args: z.object({ orderId: z.int(), card: z.enum(['good', 'stolen', 'bank-closed']) }),
  run: ({ orderId, card }, { attempt }) => {
    if (card === 'stolen') throw new Reject({ detail: 'the bank says no, and will say so tomorrow' });
    if (card === 'bank-closed' && attempt === 1) throw new RetryLater({ afterMs: 1000, detail: 'closed' });
    console.log(`order ${orderId} is paid`);
  },
});

const target = createTarget({
  ...(SIGNING_SECRET !== undefined && { secrets: [SIGNING_SECRET] }),
  tasks: { 'send-receipt': sendReceipt, 'charge-card': chargeCard },
});

const app = express();
// Before any body parser: a signature holds for the bytes as they came.
app.post('/tasks', toExpressHandler(target));
app.use(express.json());

const server = app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
});
