import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** What an id of the producer's own, or of the recorder's, stands for. */
export const ID_CHECKS: readonly Check[] = [
  {
    id: 'id-replay-answers-the-task-as-it-is',
    title: 'A repeated submit of an id is answered 200 with the task as it is by then, and changes nothing.',
    covers: { 'IDN-007': 'e199bbd2' },
    profile: 'recorder',
    async run(t) {
      const task = { ...t.parked(), id: t.newId(), taskArgs: { a: 1 } };
      const { id } = await t.submit(task);
      const cancelled = await t.api.operate(id, 'cancel');
      t.status('IDN-007', cancelled, 200);
      const before = await t.api.get(id);
      const replay = await t.api.submit(task);
      t.status('IDN-007', replay, 200);
      t.equal('IDN-007', 'the answer shows the task as it is by then', replay.json, cancelled.json);
      t.equal('IDN-007', 'the task after the second submit', (await t.api.get(id)).json, before.json);
    },
  },
  {
    id: 'id-with-other-content-is-refused',
    title:
      'A submit of an id with other content is answered 409 `task-id-conflict` at /id, and changes nothing.',
    covers: { 'IDN-008': 'a772a263' },
    profile: 'recorder',
    async run(t) {
      const task = { ...t.parked(), id: t.newId(), taskArgs: { a: 1 } };
      await t.submit(task);
      const before = await t.api.get(task.id);
      const others = [
        { taskArgs: { a: 2 } },
        { target: `${task.target}/other` },
        { taskName: 'other' },
        { headers: { 'x-other': '1' } },
        { delayMs: 3_600_000 },
        { timeoutMs: 29_999 },
      ];
      for (const other of others) {
        const response = await t.api.submit({ ...task, ...other });
        t.problem('IDN-008', response, 'task-id-conflict', { pointer: '/id' });
      }
      t.equal('IDN-008', 'the task after the refused submits', (await t.api.get(task.id)).json, before.json);
    },
  },
  {
    id: 'id-is-unique-in-all-queues',
    title: 'An id that a task of one queue has cannot be given to a task of another queue.',
    covers: { 'IDN-016': 'a9bb1502' },
    profile: 'recorder',
    async run(t) {
      const task = t.parked({ id: t.newId() });
      await t.submit(task);
      const response = await t.api.submit({ ...task, queue: `${t.queue}-2`.slice(-64) });
      t.problem('IDN-016', response, 'task-id-conflict', { pointer: '/id' });
    },
  },
  {
    id: 'id-of-a-generated-one-cannot-be-submitted',
    title:
      'A submit of an id that the recorder generated for another task is answered 409, whatever the content.',
    covers: { 'IDN-009': 'f9269eab' },
    profile: 'recorder',
    async run(t) {
      const task = t.parked({ taskArgs: 1 });
      const { id } = await t.submit(task);
      await refuseGenerated(t, id, task);
    },
  },
  {
    id: 'id-generated-for-a-keyed-task-cannot-be-submitted',
    title:
      'A submit of the id that the recorder generated for a task with an Idempotency-Key is answered 409.',
    covers: { 'IDN-009': 'f9269eab' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      const task = t.parked({ taskArgs: 1 });
      const { id } = await t.submit(task, { 'idempotency-key': `"${t.newId()}"` });
      await refuseGenerated(t, id, task);
    },
  },
  {
    id: 'id-is-compared-by-code-unit',
    title: 'Ids that differ in case only are ids of different tasks.',
    covers: { 'IDN-018': 'ebc1c1b1' },
    profile: 'recorder',
    async run(t) {
      const ids = [t.newId('Abc'), t.newId('Abc')].flatMap((id) => [id, id.replace('Abc', 'abc'), `${id}.`]);
      for (const [at, id] of ids.entries()) {
        const response = await t.api.submit(t.parked({ id, taskArgs: [at] }));
        t.status('IDN-018', response, 201);
      }
      for (const [at, id] of ids.entries()) {
        const { json } = await t.api.get(id);
        t.matches('IDN-018', `the task read as ${id}`, json, { id, taskArgs: [at] });
      }
    },
  },
  {
    id: 'id-left-out-records-a-new-task',
    title: 'A submit without id and without key records a new task each time.',
    covers: { 'IDN-019': '1678ec04', 'IDN-017': '219972d2' },
    profile: 'recorder',
    async run(t) {
      const task = t.parked({ taskArgs: { a: 1 } });
      const first = await t.submit(task);
      const responses = await Promise.all(Array.from({ length: 10 }, () => t.api.submit(task)));
      for (const response of responses) t.status('IDN-019', response, 201);
      const ids = [first.id, ...responses.map(({ json }) => json?.id)];
      t.equal('IDN-017', 'the number of different ids of 11 tasks', new Set(ids).size, ids.length);
    },
  },
];

async function refuseGenerated(t: CheckContext, id: string, task: object): Promise<void> {
  const before = await t.api.get(id);
  for (const content of [task, { ...task, taskArgs: 2 }]) {
    const response = await t.api.submit({ ...content, id });
    t.problem('IDN-009', response, 'task-id-conflict', { pointer: '/id' });
  }
  t.equal('IDN-009', 'the task after the refused submits', (await t.api.get(id)).json, before.json);
}
