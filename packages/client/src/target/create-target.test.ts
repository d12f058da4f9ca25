import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { SECRET, signedDelivery } from '../../test/signed-delivery.ts';
import { createTarget } from './create-target.ts';
import type { TargetOptions } from './create-target.ts';
import { Reject, RetryLater } from './handler-errors.ts';
import { task } from './task.ts';
import type { RunTask } from './task.ts';

const orderId = z.object({ orderId: z.number() });

/** What a target answers when its handler for `send-receipt` is `run`. */
async function answerOf(run: RunTask<unknown>, options: Partial<TargetOptions> = {}) {
  const target = createTarget({ tasks: { 'send-receipt': task({ run }) }, ...options });
  const answer = await target.handle(signedDelivery());
  return { ...answer, problem: answer.body === '' ? undefined : (JSON.parse(answer.body) as object) };
}
const failing = (error: unknown) => () => {
  throw error;
};

describe('createTarget', () => {
  it('completes a task whose handler returns, whatever it returns', async () => {
    const run = vi.fn<RunTask<unknown>>(() => Promise.resolve({ status: 500 }));
    expect(await answerOf(run, { secrets: [SECRET] })).toEqual({ status: 204, headers: {}, body: '' });
    expect(run).toHaveBeenCalledExactlyOnceWith(
      { orderId: 1842 },
      expect.objectContaining({ taskId: 'order-1842:receipt', attempt: 2 }),
      { signal: expect.objectContaining({ aborted: false }) as unknown },
    );
  });

  it('tries again after the backoff, or not before what RetryLater says', async () => {
    const detail = 'the printer is out of paper';
    expect(await answerOf(failing(new RetryLater({ detail })))).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/problem+json' },
      problem: { status: 500, detail },
    });
    expect((await answerOf(failing(new RetryLater({ afterMs: 1500 })))).headers).toMatchObject({
      'retry-after': '2',
    });
    expect((await answerOf(failing(new RetryLater()))).headers).not.toHaveProperty('retry-after');
  });

  it('refuses to be tried again at no time', () => {
    expect(() => new RetryLater({ afterMs: Number.NaN })).toThrow(RangeError);
  });

  it('fails a task for good when its handler rejects it', async () => {
    expect(await answerOf(failing(new Reject({ detail: 'no such order' })))).toMatchObject({
      status: 422,
      headers: { 'dispatchr-retry': 'no' },
      problem: { detail: 'no such order' },
    });
  });

  it('tries again after any other error, which only onError gets', async () => {
    const onError = vi.fn();
    const error = new Error('password hunter2');
    const answer = await answerOf(failing(error), { onError });
    expect(answer.status).toBe(500);
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(answer.body).not.toContain('hunter2');
    expect(onError).toHaveBeenCalledExactlyOnceWith(error, expect.objectContaining({ attempt: 2 }));
  });

  it('answers although onError fails', async () => {
    const onError = vi.fn(() => Promise.reject(new Error('no log')));
    expect((await answerOf(failing(new Error('a')), { onError })).status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
  });

  it('does not tell onError what is meant for the scheduler', async () => {
    const onError = vi.fn();
    await answerOf(failing(new RetryLater()), { onError });
    await answerOf(failing(new Reject()), { onError });
    expect(onError).not.toHaveBeenCalled();
  });

  it('writes errors to the console if nobody takes them', async () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    const error = new Error('a');
    await answerOf(failing(error));
    expect(written).toHaveBeenCalledExactlyOnceWith(
      'task send-receipt order-1842:receipt, attempt 2:',
      error,
    );
    written.mockRestore();
  });

  it.each(['refund', 'constructor', '__proto__'])(
    'tries a task again that it has no handler for: %s',
    async (name) => {
      const target = createTarget({ tasks: { 'send-receipt': task({ run: () => {} }) } });
      const answer = await target.handle(signedDelivery({ body: JSON.stringify({ taskName: name }) }));
      expect(answer.status).toBe(404);
      expect(answer.headers).not.toHaveProperty('dispatchr-retry');
      expect(answer.body).toContain(name);
    },
  );

  it('refuses requests that are no delivery, with a problem', async () => {
    const target = createTarget({ secrets: [SECRET], tasks: {} });
    const get = await target.handle({ ...signedDelivery(), method: 'GET' });
    expect(get).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    const unsigned = await target.handle(signedDelivery({ secrets: [] }));
    expect(unsigned).toMatchObject({ status: 401, headers: { 'content-type': 'application/problem+json' } });
  });

  it('names an option that is not known', () => {
    expect(() => createTarget({ tasks: {}, secret: SECRET } as TargetOptions)).toThrow(/got secret/);
  });
});

describe('a handler that is no handler', () => {
  it('is refused by its name, by the compiler too', () => {
    // @ts-expect-error -- a function alone says nothing of its arguments
    expect(() => createTarget({ tasks: { refund: () => {} } })).toThrow(
      /expected tasks\["refund"\] to be made with task\(\{ args, run \}\), got function/,
    );
    // @ts-expect-error -- made by hand, the arguments need not fit the schema
    createTarget({ tasks: { refund: { args: orderId, run: (args: { orderId: string }) => args.orderId } } });
  });
});

describe('arguments', () => {
  const schemas = {
    zod: orderId,
    valibot: v.object({ orderId: v.number() }),
    arktype: type({ orderId: 'number' }),
  };

  it.each(Object.entries(schemas))('are checked by %s', async (_name, args) => {
    const run = vi.fn();
    const target = createTarget({ tasks: { 'send-receipt': task({ args, run }) } });
    expect((await target.handle(signedDelivery())).status).toBe(204);
    expect(run.mock.calls[0]?.[0]).toEqual({ orderId: 1842 });

    const body = '{"taskName":"send-receipt","taskArgs":{"orderId":"1842"}}';
    const refused = await target.handle(signedDelivery({ body }));
    expect(refused.status).toBe(422);
    expect(refused.headers).not.toHaveProperty('dispatchr-retry');
    expect(JSON.parse(refused.body)).toMatchObject({
      errors: [{ pointer: '/taskArgs/orderId', detail: expect.stringMatching(/number/i) as string }],
    });
    expect(run).toHaveBeenCalledOnce();
  });

  it('reach the handler as the schema makes them, also when it takes its time', async () => {
    const args = z.object({ orderId: z.number().transform(async (id) => Promise.resolve(`#${id}`)) });
    const run = vi.fn((order: { orderId: string }) => order.orderId);
    await createTarget({ tasks: { 'send-receipt': task({ args, run }) } }).handle(signedDelivery());
    expect(run).toHaveReturnedWith('#1842');
  });

  it('are tried again when the schema itself fails', async () => {
    const args = z.unknown().refine(() => {
      throw new Error('a fault of the schema');
    });
    const onError = vi.fn();
    const target = createTarget({ tasks: { 'send-receipt': task({ args, run: () => {} }) }, onError });
    expect((await target.handle(signedDelivery())).status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
  });

  it('point at the member with the escapes of a JSON pointer', async () => {
    const args = z.object({ 'a/b~c': z.array(z.number()) });
    const target = createTarget({ tasks: { 'send-receipt': task({ args, run: () => {} }) } });
    const answer = await target.handle(
      signedDelivery({ body: '{"taskName":"send-receipt","taskArgs":{"a/b~c":[1,"2"]}}' }),
    );
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ pointer: '/taskArgs/a~1b~0c/1' }] });
  });
});

describe('a handler that the compiler checks', () => {
  it('has the arguments of its schema, whichever library made it', () => {
    const handlers = [
      task({ args: orderId, run: (args) => args.orderId.toFixed() }),
      task({ args: v.object({ orderId: v.number() }), run: (args) => args.orderId.toFixed() }),
      task({ args: type({ orderId: 'number' }), run: (args) => args.orderId.toFixed() }),
      // @ts-expect-error -- the schema has no such member
      task({ args: orderId, run: (args) => args.orderNumber }),
      // @ts-expect-error -- zod: orderId is a number
      task({ args: orderId, run: (args: { orderId: string }) => args.orderId }),
      // @ts-expect-error -- valibot: orderId is a number
      task({ args: v.object({ orderId: v.number() }), run: (args: { orderId: string }) => args.orderId }),
      // @ts-expect-error -- arktype: orderId is a number
      task({ args: type({ orderId: 'number' }), run: (args: { orderId: string }) => args.orderId }),
      // @ts-expect-error -- without a schema the arguments may be anything
      task({ run: (args: { orderId: number }) => args.orderId }),
      // @ts-expect-error -- what the schema makes of the arguments counts, not what comes in
      task({ args: z.string().transform(Number), run: (args: string) => args }),
    ];
    expect(handlers).toHaveLength(9);
  });
});
