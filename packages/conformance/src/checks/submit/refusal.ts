import type { Check } from '../../check.ts';
import type { ApiResponse, Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { forAll, requireAccepted, requireRefused } from './submission-verdict.ts';

// A larger limit is shown by the checks of JSON, once.
const LARGEST_BODY = 4_194_304;

type Submit = (id: string) => Promise<ApiResponse>;

/** That a refused submit leaves nothing, and the rules on which members go together. */
export const REFUSAL_CHECKS: readonly Check[] = [
  {
    id: 'refused-submit-records-nothing',
    title: 'A submit that is answered with a 4xx leaves no task, and its id stays free.',
    covers: { 'REC-004': '5b0ef92e' },
    profile: 'recorder',
    async run(t) {
      await forAll(Object.entries(refusedSubmits(t)), async ([what, submit]) => {
        const id = t.newId();
        const { status } = await submit(id);
        t.ok('REC-004', `a submit with ${what} is refused`, status >= 400 && status < 500, status);
        t.status('REC-004', await t.api.get(id), 404);
        t.status('REC-004', await t.api.submit(t.parked({ id })), 201);
      });
    },
  },
  {
    id: 'refused-submit-leaves-its-key-free',
    title: 'A submit that is answered with a 4xx does not use its Idempotency-Key up.',
    covers: { 'REC-004': '5b0ef92e' },
    profile: 'recorder',
    features: ['idempotency-key'],
    async run(t) {
      for (const wrong of [{ timeoutMs: -1 }, { target: 'http://169.254.169.254/' }]) {
        const headers = { 'Idempotency-Key': `"${t.newId('key')}"` };
        const { status } = await t.api.submit(t.parked(wrong), headers);
        t.ok('REC-004', `a submit with ${JSON.stringify(wrong)} is refused`, status >= 400 && status < 500);
        t.status('REC-004', await t.api.submit(t.parked(), headers), 201);
      }
    },
  },
  {
    id: 'task-name-or-request-is-required',
    title: 'A submission with neither taskName nor request is refused at /taskName.',
    covers: { 'REC-005': '4ef1fbf0' },
    profile: 'recorder',
    async run(t) {
      await requireRefused(t, 'REC-005', { taskName: undefined }, '/taskName');
      await requireRefused(t, 'REC-005', { taskName: undefined, taskArgs: { a: 1 } }, '/taskName');
    },
  },
  {
    id: 'arguments-beside-request-are-refused',
    title: 'A submission with both taskArgs and request is refused at /taskArgs.',
    covers: { 'REC-006': '37700a53' },
    profile: 'recorder',
    features: ['request'],
    async run(t) {
      await requireRefused(t, 'REC-006', { taskArgs: { a: 1 }, request: { body: 'a' } }, '/taskArgs');
      await requireRefused(t, 'REC-006', { taskName: undefined, taskArgs: [], request: {} }, '/taskArgs');
    },
  },
  {
    id: 'due-at-beside-delay-is-refused',
    title: 'A submission with both dueAt and delayMs is refused at /delayMs.',
    covers: { 'REC-007': 'df3f7866' },
    profile: 'recorder',
    async run(t) {
      const dueAt = new Date(Date.now() + 3_600_000).toISOString();
      await forAll([3_600_000, 0], (delayMs) => requireRefused(t, 'REC-007', { dueAt, delayMs }, '/delayMs'));
    },
  },
  {
    id: 'due-at-beyond-ten-years-is-refused',
    title: 'A dueAt of more than 3,653 days ahead is refused, and one of just under that is not.',
    covers: { 'REC-008': '171dc848' },
    profile: 'recorder',
    async run(t) {
      const { createdAt } = await t.submit(t.parked());
      const latest = Date.parse(createdAt) + 3653 * 86_400_000;
      const dueAt = (epochMs: number): object => ({
        dueAt: new Date(epochMs).toISOString(),
        delayMs: undefined,
      });
      await requireAccepted(t, 'REC-008', dueAt(latest - 1000));
      await requireRefused(t, 'REC-008', dueAt(latest + 60_000), '/dueAt');
    },
  },
  {
    id: 'expiry-not-after-due-at-is-refused',
    title: 'An expiresAt that is not later than the dueAt is refused, in whatever offset they are written.',
    covers: { 'REC-009': 'b007ec1a' },
    profile: 'recorder',
    features: ['expiry'],
    async run(t) {
      const day = `${new Date().getUTCFullYear() + 1}-06-01`;
      const times = (expiresAt: string): object => ({
        dueAt: `${day}T12:00:00.500Z`,
        expiresAt: `${day}T${expiresAt}`,
        delayMs: undefined,
      });
      await forAll(['12:00:00.500Z', '12:00:00.499Z', '13:00:00.5+01:00', '11:30:00-00:30'], (expiresAt) =>
        requireRefused(t, 'REC-009', times(expiresAt), '/expiresAt'),
      );
      await forAll(['12:00:00.501Z', '11:00:00.600-01:00'], (expiresAt) =>
        requireAccepted(t, 'REC-009', times(expiresAt)),
      );
    },
  },
  {
    id: 'past-expiry-is-accepted',
    title: 'A submission with an expiresAt that is past, and without a dueAt, is recorded.',
    covers: { 'REC-010': '27b74a77' },
    profile: 'recorder',
    features: ['expiry'],
    async run(t) {
      const expiresAt = '2001-01-01T00:00:00.000Z';
      const { json } = await requireAccepted(t, 'REC-010', { expiresAt });
      t.equal('REC-010', 'the expiresAt of the task', json.expiresAt, expiresAt);
    },
  },
  {
    id: 'past-expiry-fails-the-task',
    title:
      'A task that is submitted with an expiresAt that is past fails with the reason expired, and is not delivered.',
    covers: { 'REC-010': '27b74a77' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const target = await t.target();
      const { id } = await t.submit(t.taskFor(target, { expiresAt: '2001-01-01T00:00:00.000Z' }));
      const isOver = (task: Json): boolean => task.state !== 'pending' && task.state !== 'running';
      // A sweep of expired tasks may take a minute (TIM-007).
      const task = await t.until(id, 'failed', isOver, Math.max(t.timing.patienceMs, 65_000));
      t.equal('REC-010', 'the state and its reason', [task.state, task.reason], ['failed', 'expired']);
      t.equal('REC-010', 'deliveries of the task', target.deliveries.length, 0);
    },
  },
];

/** Submits that must be refused, by what is wrong with them. */
function refusedSubmits(t: CheckContext): Record<string, Submit> {
  const { features, limits } = t.discovery;
  const text = (id: string, members: object = {}): string => JSON.stringify(t.parked({ id, ...members }));
  const submits: Record<string, Submit> = {
    'JSON that is cut off': (id) => t.api.submit(text(id).slice(0, -1)),
    'a duplicate member': (id) => t.api.submit(`${text(id).slice(0, -1)},"taskName":"again"}`),
    'a member that is out of bounds': (id) => t.api.submit(text(id, { timeoutMs: -1 })),
    'an unknown member': (id) => t.api.submit(text(id, { colour: 'red' })),
    'dueAt beside delayMs': (id) => t.api.submit(text(id, { dueAt: new Date().toISOString() })),
    'a reserved header': (id) => t.api.submit(text(id, { headers: { Host: 'a' } })),
    'another media type': (id) => t.api.submit(text(id), { 'Content-Type': 'text/plain' }),
    'a target that nobody may reach': (id) => t.api.submit(text(id, { target: 'http://169.254.169.254/' })),
    'an unknown query parameter': (id) => t.api.request('POST', '/v1/tasks?colour=red', { body: text(id) }),
    'a malformed Idempotency-Key': (id) => t.api.submit(text(id), { 'Idempotency-Key': 'unquoted' }),
  };
  if (!features.includes('wait'))
    submits['a preference to wait'] = (id) => t.api.submit(text(id), { Prefer: 'wait=1' });
  if (!features.includes('priority')) submits['a priority'] = (id) => t.api.submit(text(id, { priority: 1 }));
  if (limits.maxTaskBytes <= LARGEST_BODY)
    submits['too many bytes'] = (id) => t.api.submit(text(id, { taskArgs: 'a'.repeat(limits.maxTaskBytes) }));
  return submits;
}
