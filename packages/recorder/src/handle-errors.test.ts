import Fastify from 'fastify';
import { DatabaseUnavailableError } from '@dispatchr/store';
import { expect, test } from 'vitest';
import { handleErrors } from './handle-errors.ts';

/** An app whose only route fails, and the lines of its log. */
function failingApp(error: Error) {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const app = Fastify({ logger: { level: 'warn', stream } });
  handleErrors(app);
  app.get('/', async () => {
    throw error;
  });
  return { lines, get: () => app.inject('/') };
}

test('an outage of the database is a line of the log for each request, without a stack', async () => {
  const cause = new Error('connect ECONNREFUSED');
  const { lines, get } = failingApp(new DatabaseUnavailableError('the database does not answer', { cause }));
  expect([(await get()).statusCode, (await get()).statusCode]).toEqual([503, 503]);
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({ level: 40, cause: 'the database does not answer' });
    expect(line).not.toContain('stack');
  }
});

test('a fault is an error of the log with its stack', async () => {
  const { lines, get } = failingApp(new Error('bug'));
  expect((await get()).statusCode).toBe(500);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 50,
    err: { message: 'bug', stack: expect.any(String) },
  });
});
