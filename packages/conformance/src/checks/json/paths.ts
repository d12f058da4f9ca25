import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** Requires 405 with an `Allow` that has at least those methods, and not the one that was refused. */
function refusedMethod(
  t: CheckContext,
  requirement: string,
  response: ApiResponse,
  method: string,
  served: readonly string[],
): void {
  t.problem(requirement, response, 'method-not-allowed');
  const allow = response.headers['allow']?.split(',').map((each) => each.trim()) ?? [];
  t.ok(
    requirement,
    `Allow has ${served.join(' and ')}`,
    served.every((each) => allow.includes(each)),
    allow,
  );
  t.ok(requirement, `Allow has no ${method}`, !allow.includes(method), allow);
}

// A path of each kind, `{id}` standing for a task, and the methods that the document has for it.
const PATHS: Readonly<Record<string, readonly string[]>> = {
  '/v1/tasks': ['GET', 'POST'],
  '/v1/tasks/{id}': ['GET', 'DELETE'],
  '/v1/tasks/{id}/attempts': ['GET'],
  '/v1/tasks/{id}/cancel': ['POST'],
  '/v1/tasks/{id}/run': ['POST'],
  '/v1/tasks/{id}/retry': ['POST'],
  '/livez': ['GET'],
  '/health': ['GET'],
  '/.well-known/dispatchr': ['GET'],
};

/** Paths and methods that are served, and that are not. */
export const JSON_PATH_CHECKS: readonly Check[] = [
  {
    id: 'a-path-that-is-not-served-is-404',
    title: 'A path that nothing is served at is answered with 404 `route-not-found`, whatever the method.',
    covers: { 'PRB-012': '5abde41c' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const unknown = `nothing-${t.queue}`;
      const paths = [
        `/${unknown}`,
        `/v1/${unknown}`,
        `/v1/tasks/${id}/${unknown}`,
        `/v1/tasks/${id}/cancel/${unknown}`,
      ];
      for (const path of paths) {
        for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS'])
          t.problem('PRB-012', await t.api.request(method, path), 'route-not-found');
      }
    },
  },
  {
    id: 'a-method-that-is-not-served-is-405',
    title: 'A method that a path does not have is answered with 405, and `Allow` lists those that it has.',
    covers: { 'PRB-013': '7a30fd7e' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      for (const [path, served] of Object.entries(PATHS)) {
        const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'].filter(
          (method) => !served.includes(method),
        );
        for (const method of methods) {
          const response = await t.api.request(method, path.replace('{id}', id));
          refusedMethod(t, 'PRB-013', response, method, served);
        }
      }
      t.equal('PRB-013', 'the task is as it was', (await t.api.get(id)).json?.state, 'pending');
    },
  },
  {
    id: 'options-is-a-method-like-any-other',
    title: '`OPTIONS` is answered with 405 and `Allow`, as any method that is not served.',
    covers: { 'PRB-019': '6c290157' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const preflight = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
      for (const [path, served] of Object.entries(PATHS)) {
        const response = await t.api.request('OPTIONS', path.replace('{id}', id), { headers: preflight });
        refusedMethod(t, 'PRB-019', response, 'OPTIONS', served);
      }
    },
  },
  {
    id: 'head-is-get-without-the-body',
    title: '`HEAD` is answered as `GET` is, without the body.',
    covers: { 'PRB-018': '7c6c7595' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const paths = [
        `/v1/tasks/${id}`,
        `/v1/tasks?queue=${t.queue}`,
        `/v1/tasks/${t.newId()}`,
        '/livez',
        '/.well-known/dispatchr',
      ];
      for (const path of paths) {
        const get = await t.api.request('GET', path);
        const head = await t.api.request('HEAD', path);
        // One that does not serve it keeps PRB-013 and only misses the advice.
        if (head.status === 405) return t.warn('HEAD is not served');
        t.status('PRB-018', head, get.status);
        t.equal(
          'PRB-018',
          'the media type is the same',
          head.headers['content-type'],
          get.headers['content-type'],
        );
      }
    },
  },
  {
    id: 'head-is-served-or-refused',
    title: '`HEAD` is answered as `GET` is, or with 405 and `Allow`.',
    covers: { 'PRB-013': '7a30fd7e' },
    profile: 'recorder',
    async run(t) {
      for (const path of ['/v1/tasks', '/livez', '/.well-known/dispatchr']) {
        const response = await t.api.request('HEAD', path);
        t.status('PRB-013', response, 200, 405);
        const allow = response.headers['allow'] ?? '';
        if (response.status === 405) t.ok('PRB-013', 'Allow has GET', /\bGET\b/.test(allow), allow);
      }
    },
  },
  {
    id: 'batch-is-an-id-like-any-other',
    title: '`batch` is the id of a task in every path but that of `POST /v1/tasks/batch`.',
    covers: { 'PRB-021': '3a235950' },
    profile: 'recorder',
    async run(t) {
      // The id may be taken: by an earlier run, or by a task of somebody else, which is left alone.
      const submitted = await t.api.submit(t.parked({ id: 'batch' }));
      t.status('PRB-021', submitted, 201, 409);
      const read = await t.api.get('batch');
      t.status('PRB-021', read, 200);
      t.equal('PRB-021', 'the task is shown', read.json?.id, 'batch');
      t.status('PRB-021', await t.api.attempts('batch'), 200);
      const refused = await t.api.request('PUT', '/v1/tasks/batch');
      refusedMethod(t, 'PRB-021', refused, 'PUT', ['GET', 'DELETE']);
      if (submitted.status !== 201) return;
      t.status('PRB-021', await t.api.operate('batch', 'cancel'), 200);
      t.status('PRB-021', await t.api.delete('batch'), 204);
      t.problem('PRB-021', await t.api.get('batch'), 'task-not-found');
    },
  },
  {
    id: 'paths-without-an-id-are-404',
    title:
      'A path with nothing for the id, or with a percent-encoding that is not UTF-8, is answered with 404.',
    covers: { 'PRB-022': 'e89be30b' },
    profile: 'recorder',
    async run(t) {
      const ids = ['', '%FF', '%C0%AF', '%E2%82', '%ED%A0%80', 'a%80'];
      for (const id of ids) {
        for (const [method, operation] of [
          ['GET', ''],
          ['GET', '/attempts'],
          ['POST', '/cancel'],
          ['DELETE', ''],
        ] as const) {
          const response = await t.api.request(method, `/v1/tasks/${id}${operation}`);
          const name =
            response.json?.type?.endsWith('route-not-found') === true ? 'route-not-found' : 'task-not-found';
          t.problem('PRB-022', response, name);
        }
      }
    },
  },
];
