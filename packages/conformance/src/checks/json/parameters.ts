import type { Check } from '../../check.ts';

/** Query parameters. */
export const JSON_PARAMETER_CHECKS: readonly Check[] = [
  {
    id: 'unknown-parameters-are-refused',
    title: 'A query parameter that an operation does not have is refused by name, and nothing is done.',
    covers: { 'JSN-014': 'b10d3120', 'PRB-007': '509ea0ea' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const batch = t.discovery.features.includes('batch')
        ? ([['POST', '/v1/tasks/batch', { tasks: [t.parked()] }]] as const)
        : [];
      const requests: readonly (readonly [string, string, object?])[] = [
        ['POST', '/v1/tasks', t.parked()],
        ...batch,
        ['GET', '/v1/tasks'],
        ['GET', `/v1/tasks/${id}`],
        ['GET', `/v1/tasks/${id}/attempts`],
        ['POST', `/v1/tasks/${id}/cancel`],
        ['POST', `/v1/tasks/${id}/run`],
        ['POST', `/v1/tasks/${id}/retry`],
        ['DELETE', `/v1/tasks/${id}`],
      ];
      for (const [method, path, body] of requests) {
        for (const query of ['surprise=1', 'surprise', 'surprise=', 'surpri%73e=1&']) {
          const response = await t.api.request(
            method,
            `${path}?${query}`,
            body === undefined ? {} : { body },
          );
          t.problem('JSN-014', response, 'invalid-request', { parameter: 'surprise' });
        }
      }
      t.equal('JSN-014', 'the task is as it was', (await t.api.get(id)).json?.state, 'pending');
    },
  },
  {
    id: 'parameters-of-other-operations-are-refused',
    title: 'A parameter that another operation has, or of another case, is unknown.',
    covers: { 'JSN-014': 'b10d3120' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const limit = await t.api.request('GET', `/v1/tasks/${id}?limit=1`);
      t.problem('JSN-014', limit, 'invalid-request', { parameter: 'limit' });
      const state = await t.api.attempts(id, '?state=pending');
      t.problem('JSN-014', state, 'invalid-request', { parameter: 'state' });
      t.problem('JSN-014', await t.api.list({ Limit: 1 }), 'invalid-request', { parameter: 'Limit' });
      const proto = await t.api.list({ ['constructor']: 1 });
      t.problem('JSN-014', proto, 'invalid-request', { parameter: 'constructor' });
    },
  },
  {
    id: 'a-parameter-twice-is-refused',
    title: 'A query parameter that is there twice is refused by name, also with the same value.',
    covers: { 'JSN-014': 'b10d3120' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const queries = {
        limit: 'limit=5&limit=5',
        queue: `queue=${t.queue}&queue=x`,
        state: 'state=pending&%73tate=pending',
      };
      for (const [parameter, query] of Object.entries(queries))
        t.problem('JSN-014', await t.api.request('GET', `/v1/tasks?${query}`), 'invalid-request', {
          parameter,
        });
      const attempts = await t.api.attempts(id, '?limit=1&limit=1');
      t.problem('JSN-014', attempts, 'invalid-request', { parameter: 'limit' });
    },
  },
  {
    id: 'probes-may-add-parameters',
    title: 'Liveness, health, discovery and the document ignore every query parameter.',
    covers: { 'JSN-026': '8bc048d8' },
    profile: 'recorder',
    async run(t) {
      for (const path of ['/livez', '/health', '/.well-known/dispatchr', '/openapi.json', '/openapi.yaml']) {
        const { status } = await t.api.request('GET', path);
        for (const query of ['probe=1', 'a=1&a=2', 'limit=0', 'verbose', '=', '_=%20%C3%A9'])
          t.status('JSN-026', await t.api.request('GET', `${path}?${query}`), status);
      }
    },
  },
  {
    id: 'a-plus-in-a-query-is-a-space',
    title: 'A query is read as a form: `+` and `%20` are a space, `%2B` is a plus.',
    covers: { 'JSN-037': 'f2b33469' },
    profile: 'recorder',
    async run(t) {
      const spaced = await t.submit(t.parked({ taskName: `a b ${t.queue}` }));
      const plus = await t.submit(t.parked({ taskName: `a+b ${t.queue}` }));
      const found = async (text: string): Promise<string[]> => {
        const response = await t.api.request('GET', `/v1/tasks?taskName=${text}`);
        t.status('JSN-037', response, 200);
        return response.json.tasks.map(({ id }: { id: string }) => id);
      };
      const name = encodeURIComponent(t.queue);
      t.equal('JSN-037', '+ is a space', await found(`a+b+${name}`), [spaced.id]);
      t.equal('JSN-037', '%20 is a space', await found(`a%20b%20${name}`), [spaced.id]);
      t.equal('JSN-037', '%2B is a plus', await found(`a%2Bb+${name}`), [plus.id]);
    },
  },
  {
    id: 'parameters-outside-of-their-schema-are-refused',
    title: 'A query parameter outside of its schema is refused by name.',
    covers: { 'JSN-024': 'e16a10e3', 'PRB-007': '509ea0ea' },
    profile: 'recorder',
    async run(t) {
      const long = 'x'.repeat(513);
      const faults: readonly (readonly [parameter: string, values: readonly string[]])[] = [
        ['state', ['waiting', 'Pending', '']],
        ['limit', ['0', '-1', 'many', '', '1.5', '1001']],
        ['queue', ['', 'a b', 'a/b', long]],
        ['flowKey', ['', 'a\tb', long]],
        ['taskName', ['', long]],
        ['target', ['', 'ftp://conformance.invalid', 'x']],
        ['createdAfter', ['', 'yesterday', '2026-11-22', '1700000000000']],
        ['createdBefore', ['', '2026-13-01T00:00:00Z', '2026-11-22T10:00:00']],
      ];
      for (const [parameter, values] of faults) {
        for (const value of values)
          t.problem('JSN-024', await t.api.list({ [parameter]: value }), 'invalid-request', { parameter });
      }
    },
  },
];
