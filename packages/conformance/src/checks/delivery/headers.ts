import type { Check } from '../../check.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The headers of a delivery that the scheduler makes. */
export const DELIVERY_HEADER_CHECKS: readonly Check[] = [
  {
    id: 'delivery-is-json',
    title: 'A task without `request` is delivered with `Content-Type: application/json`.',
    covers: { 'DLV-003': '4de0537b' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target));
      const delivery = await t.delivery(target);
      t.equal('DLV-003', 'Content-Type', delivery.header('content-type'), 'application/json');
    },
  },
  {
    id: 'own-content-type-replaces-json',
    title: "A `Content-Type` of the task's `headers`, in any case, is sent instead of that of JSON.",
    covers: { 'DLV-003': '4de0537b' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target, { headers: { 'CONTENT-type': 'application/vnd.task+json' } }));
      const delivery = await t.delivery(target);
      t.equal('DLV-003', 'Content-Type', delivery.header('content-type'), 'application/vnd.task+json');
    },
  },
  {
    id: 'delivery-names-its-task',
    title: 'Each attempt has `Dispatchr-Task-Id` with the id of the task, whoever made the id.',
    covers: { 'DLV-004': 'c702c998' },
    profile: 'core',
    async run(t) {
      const [own, made] = await Promise.all([t.target(500, 200), t.target(500, 200)]);
      const ownId = t.newId('a.b~c_d-e');
      await t.submit(t.taskFor(own, { id: ownId, retry: t.retry() }));
      const { id: madeId } = await t.submit(t.taskFor(made, { retry: t.retry() }));
      for (const [target, id] of [[own, ownId] as const, [made, madeId] as const])
        for (const number of [1, 2]) {
          const delivery = await t.delivery(target, number);
          t.equal(
            'DLV-004',
            `Dispatchr-Task-Id of attempt ${number}`,
            delivery.header('dispatchr-task-id'),
            id,
          );
        }
    },
  },
  {
    id: 'delivery-names-its-queue',
    title: "A delivery has `Dispatchr-Queue` with the name of the task's queue.",
    covers: { 'DLV-005': '1cd000ea' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      const queue = `${t.queue}.~_-`;
      await t.submit(t.taskFor(target, { queue }));
      const delivery = await t.delivery(target);
      t.equal('DLV-005', 'Dispatchr-Queue', delivery.header('dispatchr-queue'), queue);
    },
  },
  {
    id: 'delivery-numbers-its-attempt',
    title: 'The attempts of a task have `Dispatchr-Attempt` 1, 2, 3.',
    covers: { 'DLV-006': 'dd1681ab' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 500, 200);
      await t.submit(t.taskFor(target, { retry: t.retry() }));
      for (const number of [1, 2, 3]) {
        const delivery = await t.delivery(target, number);
        t.equal('DLV-006', 'Dispatchr-Attempt', delivery.header('dispatchr-attempt'), String(number));
      }
    },
  },
  {
    id: 'delivery-counts-the-attempts-left',
    title: '`Dispatchr-Attempts-Left` falls with each attempt, and is 0 on the last.',
    covers: { 'DLV-007': 'daa6840b' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500);
      await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts: 3 }) }));
      for (const [number, left] of [
        [1, '2'],
        [2, '1'],
        [3, '0'],
      ] as const) {
        const delivery = await t.delivery(target, number);
        t.equal(
          'DLV-007',
          `Dispatchr-Attempts-Left of attempt ${number}`,
          delivery.header('dispatchr-attempts-left'),
          left,
        );
      }
    },
  },
  {
    id: 'attempts-left-are-counted-anew-after-a-retry',
    title: "After the operator's retry, `Dispatchr-Attempts-Left` has the whole budget again.",
    covers: { 'DLV-007': 'daa6840b', 'DLV-006': 'dd1681ab' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 500, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts: 2 }) }));
      await t.untilState(id, 'failed');
      t.status('DLV-007', await t.api.operate(id, 'retry'), 200);
      const delivery = await t.delivery(target, 3);
      t.equal('DLV-006', 'Dispatchr-Attempt goes on', delivery.header('dispatchr-attempt'), '3');
      t.equal('DLV-007', 'Dispatchr-Attempts-Left', delivery.header('dispatchr-attempts-left'), '1');
    },
  },
  {
    id: 'delivery-says-when-it-was-due',
    title:
      '`Dispatchr-Due-At` is the `dueAt` of the attempt: as submitted on the first, that of the retry then.',
    covers: { 'DLV-008': '10ae367b' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 200);
      const dueAt = new Date(Date.now() - 3_600_000).toISOString();
      const { id } = await t.submit(t.taskFor(target, { dueAt, retry: t.retry() }));
      const first = (await t.delivery(target, 1)).header('dispatchr-due-at');
      t.equal('DLV-008', 'Dispatchr-Due-At of the first attempt', first, dueAt);
      const second = (await t.delivery(target, 2)).header('dispatchr-due-at');
      const task = await t.untilState(id, 'completed');
      t.ok('DLV-008', 'Dispatchr-Due-At has milliseconds and Z', INSTANT.test(second ?? ''), second);
      t.equal('DLV-008', 'Dispatchr-Due-At of the second attempt', second, task.dueAt);
      t.ok('DLV-008', 'Dispatchr-Due-At of the second attempt is its own', second !== first, second);
    },
  },
  {
    id: 'delivery-has-a-user-agent',
    title: 'A delivery has a `User-Agent` that begins with the name of a product.',
    covers: { 'DLV-009': 'fd6db374' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target));
      const agent = (await t.delivery(target)).header('user-agent') ?? '';
      t.ok(
        'DLV-009',
        'User-Agent is a product',
        /^[A-Za-z0-9!#$%&'*+.^_`|~-]+(\/\S+)?( |$)/.test(agent),
        agent,
      );
    },
  },
  {
    id: 'own-user-agent-is-sent',
    title: "A `User-Agent` of the task's `headers` is sent instead of the scheduler's.",
    covers: { 'DLV-009': 'fd6db374' },
    profile: 'core',
    async run(t) {
      const target = await t.target();
      await t.submit(t.taskFor(target, { headers: { 'user-agent': 'shop/7 (test)' } }));
      t.equal('DLV-009', 'User-Agent', (await t.delivery(target)).header('user-agent'), 'shop/7 (test)');
    },
  },
];
