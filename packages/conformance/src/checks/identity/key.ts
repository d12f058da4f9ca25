import type { Check } from '../../check.ts';
import { withArgs } from './json-text.ts';
import { requireMemory } from './memory.ts';
import { walk } from './walk.ts';

/** What an `Idempotency-Key` stands for. */
export const KEY_CHECKS: readonly Check[] = [
  {
    id: 'key-replay-answers-the-first-task',
    title:
      'A repeated submit with an Idempotency-Key is answered 200 with the first task, and changes nothing.',
    covers: { 'IDN-010': '327c2af9', 'IDN-014': '522d6d8c' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const task = t.parked({ taskArgs: { a: 1 } });
      const headers = { 'idempotency-key': `"${t.newId()}"` };
      const { id } = await t.submit(task, headers);
      const before = await t.api.get(id);
      const replay = await t.api.submit(task, headers);
      t.status('IDN-010', replay, 200);
      t.matches('IDN-010', 'the answer to the second submit', replay.json, { id, state: 'pending' });
      t.equal('IDN-010', 'the task after the second submit', (await t.api.get(id)).json, before.json);
      const listed = await walk(t, 'IDN-010', { queue: t.queue });
      t.equal(
        'IDN-010',
        'the tasks that are recorded',
        listed.map((each) => each.id),
        [id],
      );
    },
  },
  {
    id: 'key-is-compared-by-code-unit',
    title: 'Idempotency-Keys that differ in case only are keys of different tasks.',
    covers: { 'IDN-018': 'ebc1c1b1' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const key = t.newId('Key');
      const first = await t.submit(t.parked(), { 'idempotency-key': `"${key}"` });
      const response = await t.api.submit(t.parked(), {
        'idempotency-key': `"${key.replace('Key', 'kEY')}"`,
      });
      t.status('IDN-018', response, 201);
      t.ok(
        'IDN-018',
        'the other key has a task of its own',
        response.json?.id !== first.id,
        response.json?.id,
      );
    },
  },
  {
    id: 'key-of-a-terminal-task-is-remembered',
    title: 'The Idempotency-Key of a terminal task still answers 200 with that task, as it is by then.',
    covers: { 'IDN-014': '522d6d8c', 'IDN-015': '1abd2a89' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      requireMemory(t);
      const task = t.parked();
      const headers = { 'idempotency-key': `"${t.newId()}"` };
      const { id } = await t.submit(task, headers);
      t.status('IDN-014', await t.api.operate(id, 'cancel'), 200);
      const replay = await t.api.submit(task, headers);
      t.status('IDN-014', replay, 200);
      t.matches('IDN-015', 'the answer to the same submit', replay.json, { id, state: 'cancelled' });
    },
  },
  {
    id: 'key-with-other-content-is-refused',
    title: 'A submit with a used Idempotency-Key and other content is answered 422, and changes nothing.',
    covers: { 'IDN-011': '6f565d1b' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const task = t.parked({ taskArgs: { a: 1 } });
      const headers = { 'idempotency-key': `"${t.newId()}"` };
      const { id } = await t.submit(task, headers);
      const before = await t.api.get(id);
      for (const other of [
        { taskArgs: { a: 2 } },
        { target: `${task.target}/other` },
        { timeoutMs: 29_999 },
      ]) {
        const response = await t.api.submit({ ...task, ...other }, headers);
        t.problem('IDN-011', response, 'idempotency-key-reused');
      }
      t.equal('IDN-011', 'the task after the refused submits', (await t.api.get(id)).json, before.json);
      const listed = await walk(t, 'IDN-011', { queue: t.queue });
      t.equal(
        'IDN-011',
        'the tasks that are recorded',
        listed.map((each) => each.id),
        [id],
      );
    },
  },
  {
    id: 'key-ignores-spelling-of-content',
    title: 'A submit with a used Idempotency-Key and the same content, spelled otherwise, is answered 200.',
    covers: { 'IDN-010': '327c2af9', 'IDN-001': '43563da3' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const headers = { 'idempotency-key': `"${t.newId()}"` };
      const task = t.parked();
      const { id } = await t.submit(withArgs(task, '{"a":"x","b":[1.50]}'), headers);
      const again = await t.api.submit(
        withArgs(task, String.raw`{ "b": [ 1.50 ], "\u0061": "\u0078" }`),
        headers,
      );
      t.status('IDN-001', again, 200);
      t.matches('IDN-010', 'the answer to the second submit', again.json, { id });
    },
  },
  {
    id: 'key-and-id-of-one-text-are-apart',
    title: 'An Idempotency-Key and an id of the same text are those of two tasks.',
    covers: { 'IDN-012': '0285219f' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const task = t.parked();
      const [one, two] = [t.newId(), t.newId()];
      const named = await t.submit({ ...task, id: one });
      const keyed = await t.api.submit(task, { 'idempotency-key': `"${one}"` });
      t.status('IDN-012', keyed, 201);
      t.ok('IDN-012', 'the key names a task of its own', keyed.json?.id !== named.id, keyed.json?.id);
      const first = await t.submit(task, { 'idempotency-key': `"${two}"` });
      const second = await t.api.submit({ ...task, id: two });
      t.status('IDN-012', second, 201);
      t.ok('IDN-012', 'the id names a task of its own', second.json?.id !== first.id, second.json?.id);
    },
  },
];
