import type { Check } from '../../check.ts';

const OPEN = ['/livez', '/health', '/.well-known/dispatchr'];
const OPEN_IF_SERVED = ['/openapi.json', '/openapi.yaml', '/docs'];

/** The bearer token: who must show it, and where. */
export const JSON_ACCESS_CHECKS: readonly Check[] = [
  {
    id: 'a-token-is-asked-for',
    title:
      'A request under `/v1` without the token is answered with 401 and `WWW-Authenticate: Bearer`, and nothing is done.',
    covers: { 'SEC-002': '13d07c99' },
    profile: 'recorder',
    needs: ['token'],
    async run(t) {
      if (!t.hasToken) t.lacks('it needs --header "Authorization: Bearer …"');
      const { id } = await t.submit(t.parked());
      const own = t.newId('unseen');
      const requests: readonly (readonly [string, string, object?])[] = [
        ['POST', '/v1/tasks', t.parked({ id: own })],
        ['POST', '/v1/tasks/batch', { tasks: [t.parked({ id: own })] }],
        ['GET', '/v1/tasks'],
        ['GET', `/v1/tasks/${id}`],
        ['GET', `/v1/tasks/${id}/attempts`],
        ['POST', `/v1/tasks/${id}/run`],
        ['POST', `/v1/tasks/${id}/cancel`],
        ['POST', `/v1/tasks/${id}/retry`],
        ['DELETE', `/v1/tasks/${id}`],
      ];
      for (const [method, path, body] of requests) {
        const options = body === undefined ? {} : { body };
        const response = await t.api.request(method, path, { ...options, anonymous: true });
        t.problem('SEC-002', response, 'unauthorized');
        const challenge = response.headers['www-authenticate'] ?? 'none';
        t.ok('SEC-002', 'WWW-Authenticate is Bearer', /^bearer\b/i.test(challenge), challenge);
      }
      t.equal('SEC-002', 'the task is as it was', (await t.api.get(id)).json?.state, 'pending');
      t.status('SEC-002', await t.api.get(own), 404);
    },
  },
  {
    id: 'another-token-is-refused',
    title:
      'A request with another token, another scheme or a part of the token is answered with 401, which does not show it.',
    covers: { 'SEC-002': '13d07c99', 'PRB-015': 'aab800b1' },
    profile: 'recorder',
    needs: ['token'],
    async run(t) {
      const { token } = t;
      // A token such as `token` stands in the words of the problem itself.
      const { text } = await t.api.request('GET', '/v1/tasks', { anonymous: true });
      const isWord = text.includes(token);
      const basic = Buffer.from(`user:${token}`).toString('base64');
      const near = [`${token}x`, token.slice(0, -1), `x${token}`, `${token.slice(0, -1)}~`, '"', ''];
      const others = near.filter((each) => each !== token).map((each) => `Bearer ${each}`.trim());
      for (const authorization of [...others, `Basic ${basic}`, token, `Token ${token}`]) {
        const response = await t.api.request('GET', '/v1/tasks', {
          anonymous: true,
          headers: { authorization },
        });
        t.problem('SEC-002', response, 'unauthorized');
        t.ok(
          'PRB-015',
          'the problem does not show the token',
          isWord || !response.text.includes(token),
          'it does',
        );
      }
    },
  },
  {
    id: 'the-scheme-may-be-in-any-case',
    title: 'The scheme name `Bearer` is accepted in any case.',
    covers: { 'SEC-005': 'ca9891dd' },
    profile: 'recorder',
    needs: ['token'],
    async run(t) {
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEARER']) {
        const headers = { authorization: `${scheme} ${t.token}` };
        t.status(
          'SEC-005',
          await t.api.request('GET', `/v1/tasks?queue=${t.queue}`, { anonymous: true, headers }),
          200,
        );
      }
    },
  },
  {
    id: 'probes-need-no-token',
    title: 'Liveness, health, discovery and the documents are served without a token.',
    covers: { 'SEC-003': '88117deb', 'DSC-001': '7af935bc' },
    profile: 'recorder',
    async run(t) {
      for (const path of [...OPEN, ...OPEN_IF_SERVED]) {
        const requirement = path === '/.well-known/dispatchr' ? 'DSC-001' : 'SEC-003';
        for (const headers of [{}, { authorization: 'Bearer another' }]) {
          const { status } = await t.api.request('GET', path, { anonymous: true, headers });
          const isServed = OPEN.includes(path) ? status === 200 : status !== 401;
          t.ok(requirement, `${path} is served without a token`, isServed, status);
        }
      }
    },
  },
  {
    id: 'authorization-is-ignored-where-no-token-is-asked-for',
    title: 'A recorder that asks for no token serves requests with any `Authorization`.',
    covers: { 'SEC-006': 'ca935e8b' },
    profile: 'recorder',
    async run(t) {
      const path = `/v1/tasks?queue=${t.queue}`;
      const plain = await t.api.request('GET', path, { anonymous: true });
      if (plain.status === 401) t.skip('it asks for a token');
      for (const authorization of [
        'Bearer anything',
        'Bearer',
        'Basic dTpw',
        'Digest username="x"',
        'no scheme at all',
      ])
        t.status(
          'SEC-006',
          await t.api.request('GET', path, { anonymous: true, headers: { authorization } }),
          200,
        );
    },
  },
];
