import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** An instant some days ahead, at that time of the day, in UTC. */
function daysAhead(days: number, time: string): string {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${time}`;
}

async function showsDueAt(
  t: CheckContext,
  requirement: string,
  written: string,
  shown: string,
): Promise<void> {
  const response = await t.api.submit({ ...t.parked({ delayMs: undefined }), dueAt: written });
  t.status(requirement, response, 201);
  t.equal(requirement, `${written} is shown in UTC`, response.json?.dueAt, shown);
}

async function refusesDueAt(t: CheckContext, requirement: string, written: readonly string[]): Promise<void> {
  for (const dueAt of written) {
    const response = await t.api.submit({ ...t.parked({ delayMs: undefined }), dueAt });
    t.problem(requirement, response, 'invalid-request', { pointer: '/dueAt' });
  }
}

/** How instants are read and written. */
export const JSON_INSTANT_CHECKS: readonly Check[] = [
  {
    id: 'offsets-are-taken-into-account',
    title: 'An instant with an offset is the instant that it names, and is shown in UTC.',
    covers: { 'JSN-020': '86611368', 'JSN-030': 'd373cf0a' },
    profile: 'recorder',
    async run(t) {
      await showsDueAt(t, 'JSN-020', daysAhead(3, '12:00:00+02:00'), daysAhead(3, '10:00:00.000Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '12:00:00.500-09:30'), daysAhead(3, '21:30:00.500Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '23:30:00-23:59'), daysAhead(4, '23:29:00.000Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '00:00:00+00:01'), daysAhead(2, '23:59:00.000Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '12:00:00-00:00'), daysAhead(3, '12:00:00.000Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '12:00:00+00:00'), daysAhead(3, '12:00:00.000Z'));
    },
  },
  {
    id: 'offsets-count-in-filters',
    title: 'An instant with an offset in a query parameter is the instant that it names.',
    covers: { 'JSN-020': '86611368' },
    profile: 'recorder',
    async run(t) {
      const { id, createdAt } = await t.submit(t.parked());
      const at = Date.parse(createdAt);
      // The same instant as a clock two hours ahead of UTC writes it.
      const elsewhere = new Date(at + 2 * 3_600_000).toISOString().replace('Z', '+02:00');
      const after = await t.api.list({ queue: t.queue, createdAfter: elsewhere });
      t.equal(
        'JSN-020',
        'a task is listed from its instant on',
        after.json?.tasks?.map((task: { id: string }) => task.id),
        [id],
      );
      const before = await t.api.list({ queue: t.queue, createdBefore: elsewhere });
      t.equal('JSN-020', 'and not before it', before.json?.tasks, []);
    },
  },
  {
    id: 't-and-z-may-be-lower-case',
    title: 'An instant with `t` and `z` in lower case is accepted.',
    covers: { 'JSN-038': 'fa9fdc9d' },
    profile: 'recorder',
    async run(t) {
      const upper = daysAhead(3, '12:00:00.000Z');
      await showsDueAt(t, 'JSN-038', upper.toLowerCase(), upper);
      await showsDueAt(t, 'JSN-038', upper.replace('Z', 'z'), upper);
      t.status('JSN-038', await t.api.list({ queue: t.queue, createdBefore: upper.toLowerCase() }), 200);
    },
  },
  {
    id: 'digits-beyond-milliseconds-are-dropped',
    title: 'The digits of an instant beyond milliseconds are dropped, not rounded; fewer are filled up.',
    covers: { 'JSN-029': '10227873', 'JSN-020': '86611368' },
    profile: 'recorder',
    async run(t) {
      await showsDueAt(t, 'JSN-029', daysAhead(3, '12:00:00.1239Z'), daysAhead(3, '12:00:00.123Z'));
      await showsDueAt(t, 'JSN-029', daysAhead(3, '23:59:59.999999999999Z'), daysAhead(3, '23:59:59.999Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '12:00:00.5Z'), daysAhead(3, '12:00:00.500Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '12:00:00.05Z'), daysAhead(3, '12:00:00.050Z'));
      await showsDueAt(t, 'JSN-020', daysAhead(3, '12:00:00Z'), daysAhead(3, '12:00:00.000Z'));
    },
  },
  {
    id: 'texts-that-are-no-instant-are-refused',
    title:
      'A text that RFC 3339 does not have as an instant is refused: no offset, no such day, no such hour.',
    covers: { 'JSN-024': 'e16a10e3' },
    profile: 'recorder',
    async run(t) {
      const day = daysAhead(3, '');
      await refusesDueAt(t, 'JSN-024', [
        '',
        'tomorrow',
        day.slice(0, 10),
        `${day}12:00:00`,
        `${day}12:00Z`,
        `${day}24:00:00Z`,
        `${day}12:60:00Z`,
        `${day}12:00:00.Z`,
        `${day}12:00:00+24:00`,
        `${day}12:00:00+0200`,
        `${day}12:00:00+02`,
        `${day.replaceAll('-', '')}120000Z`,
        '2027-02-30T12:00:00Z',
        '2027-02-29T12:00:00Z',
        '2027-13-01T12:00:00Z',
        '2027-00-01T12:00:00Z',
        '27-01-01T12:00:00Z',
        ` ${day}12:00:00Z`,
        `${day}12:00:00Z\n`,
      ]);
    },
  },
  {
    id: 'instants-are-of-the-years-1970-to-9999',
    title: 'An instant before 1970 or after 9999, counted in UTC, is refused in a member.',
    covers: { 'JSN-028': '1789842a' },
    profile: 'recorder',
    async run(t) {
      const before = ['1969-12-31T23:59:59.999Z', '1970-01-01T00:59:59+01:00', '0000-01-01T00:00:00Z'];
      await refusesDueAt(t, 'JSN-028', [...before, '9999-12-31T23:59:59-00:01', '+010000-01-01T00:00:00Z']);
      // Deliveries to nobody: what is past is due at once.
      const first = await t.api.submit({
        ...t.parked({ delayMs: undefined }),
        dueAt: '1969-12-31T23:59:59-00:01',
      });
      t.status('JSN-028', first, 201);
      t.equal('JSN-028', 'the year counts in UTC', first.json?.dueAt, '1970-01-01T00:00:59.000Z');
    },
  },
  {
    id: 'instants-of-filters-are-of-the-years-1970-to-9999',
    title: 'An instant before 1970 or after 9999, counted in UTC, is refused in a query parameter.',
    covers: { 'JSN-028': '1789842a' },
    profile: 'recorder',
    async run(t) {
      const list = (parameter: string, value: string): ReturnType<typeof t.api.list> =>
        t.api.list({ queue: t.queue, [parameter]: value });
      for (const parameter of ['createdAfter', 'createdBefore']) {
        for (const value of [
          '1969-12-31T23:59:59.999Z',
          '1970-01-01T00:00:00+00:01',
          '9999-12-31T23:59:59-00:01',
        ])
          t.problem('JSN-028', await list(parameter, value), 'invalid-request', { parameter });
        for (const value of ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59+00:01'])
          t.status('JSN-028', await list(parameter, value), 200);
      }
    },
  },
];
