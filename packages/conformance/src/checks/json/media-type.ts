import { gzipSync } from 'node:zlib';
import type { Check } from '../../check.ts';

/** The media type and the coding of a body, and bodies that are not there. */
export const JSON_MEDIA_TYPE_CHECKS: readonly Check[] = [
  {
    id: 'application-json-is-accepted',
    title: 'A body is accepted as `application/json`, in any case, with or without `charset=utf-8`.',
    covers: { 'JSN-001': '0eb1dac0' },
    profile: 'recorder',
    async run(t) {
      const plain = ['application/json', 'Application/JSON'];
      const withCharset = [
        'application/json; charset=utf-8',
        'application/json;charset=UTF-8',
        'application/json; Charset="utf-8"',
      ];
      for (const type of [...plain, ...withCharset])
        t.status('JSN-001', await t.api.submit(t.parked(), { 'content-type': type }), 201);
    },
  },
  {
    id: 'other-media-types-are-refused',
    title: 'A body of another media type is answered with 415.',
    covers: { 'JSN-002': '52f8a408' },
    profile: 'recorder',
    async run(t) {
      const near = [
        'text/json',
        'application/jsonp',
        'application/json-seq',
        'application/vnd.api+json',
        'json',
        'application/*',
      ];
      const others = ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'];
      for (const type of [...others, ...near])
        t.problem(
          'JSN-002',
          await t.api.submit(t.parked(), { 'content-type': type }),
          'unsupported-media-type',
        );
    },
  },
  {
    id: 'a-body-without-media-type-is-refused',
    title: 'A body without a media type is answered with 415.',
    covers: { 'JSN-002': '52f8a408' },
    profile: 'recorder',
    async run(t) {
      const response = await t.api.submit(t.parked(), { 'content-type': '' });
      t.problem('JSN-002', response, 'unsupported-media-type');
    },
  },
  {
    id: 'operations-refuse-other-media-types',
    title: 'A body of another media type is refused by the operations on a task too.',
    covers: { 'JSN-002': '52f8a408' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      for (const [method, operation] of OPERATIONS) {
        const options = { body: '{}', headers: { 'content-type': 'text/plain' } };
        const response = await t.api.request(method, `/v1/tasks/${id}${operation}`, options);
        t.problem('JSN-002', response, 'unsupported-media-type');
      }
    },
  },
  {
    id: 'no-body-is-decompressed',
    title: 'A body with a Content-Encoding is read as it came, or refused with 415.',
    covers: { 'JSN-036': '63c393d1' },
    profile: 'recorder',
    async run(t) {
      const body = gzipSync(JSON.stringify(t.parked()));
      for (const coding of ['gzip', 'GZIP', 'x-gzip']) {
        const response = await t.api.submit(body, { 'content-encoding': coding });
        t.status('JSN-036', response, 415, 400);
        t.problem('JSN-036', response, response.status === 415 ? 'unsupported-media-type' : 'malformed-json');
      }
      t.status('JSN-036', await t.api.submit(t.parked(), { 'content-encoding': 'br' }), 201, 415);
    },
  },
  {
    id: 'a-submit-needs-a-body',
    title:
      'A submit without a body, or with an empty one of any media type, is answered with 400 at the whole body.',
    covers: { 'JSN-025': '6d8f6561' },
    profile: 'recorder',
    async run(t) {
      const empty = [
        {},
        { 'content-length': '0' },
        { 'content-type': 'application/json', 'content-length': '0' },
      ];
      const plain = { 'content-type': 'text/plain', 'content-length': '0' };
      const chunked = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
      for (const headers of [...empty, plain, chunked]) {
        const response = await t.api.request('POST', '/v1/tasks', { headers });
        t.problem('JSN-025', response, 'invalid-request', { pointer: '' });
      }
    },
  },
  {
    id: 'a-batch-needs-a-body',
    title: 'A batch without a body is answered with 400 at the whole body.',
    covers: { 'JSN-025': '6d8f6561' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const response = await t.api.request('POST', '/v1/tasks/batch');
      t.problem('JSN-025', response, 'invalid-request', { pointer: '' });
    },
  },
  {
    id: 'cancel-and-retry-need-no-body',
    title: 'A cancel and a retry accept no body, an empty one of any media type, and `{}`.',
    covers: { 'JSN-019': '7a8ef810' },
    profile: 'recorder',
    async run(t) {
      const empty = { headers: { 'content-type': 'text/plain', 'content-length': '0' } };
      const chunked = { headers: { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' } };
      for (const options of [{}, empty, chunked, { body: '{}' }, { body: ' { } \n' }]) {
        const { id } = await t.submit(t.parked());
        for (const operation of ['cancel', 'retry'])
          t.status('JSN-019', await t.api.request('POST', `/v1/tasks/${id}/${operation}`, options), 200);
        await t.api.operate(id, 'cancel');
      }
    },
  },
  {
    id: 'run-needs-no-body',
    title: 'A run accepts no body, an empty one of any media type, and `{}`.',
    covers: { 'JSN-019': '7a8ef810' },
    profile: 'recorder',
    async run(t) {
      const empty = { headers: { 'content-type': 'text/plain', 'content-length': '0' } };
      for (const options of [{}, empty, { body: '{}' }]) {
        const { id } = await t.submit(t.parked());
        t.status('JSN-019', await t.api.request('POST', `/v1/tasks/${id}/run`, options), 200);
        await t.api.operate(id, 'cancel');
      }
    },
  },
  {
    id: 'delete-needs-no-body',
    title: 'A delete accepts no body, an empty one of any media type, and `{}`.',
    covers: { 'JSN-019': '7a8ef810' },
    profile: 'recorder',
    async run(t) {
      const empty = { headers: { 'content-type': 'text/plain', 'content-length': '0' } };
      for (const options of [{}, empty, { body: '{}' }]) {
        const { id } = await t.submit(t.parked());
        await t.api.operate(id, 'cancel');
        t.status('JSN-019', await t.api.request('DELETE', `/v1/tasks/${id}`, options), 204);
      }
    },
  },
  {
    id: 'a-get-with-a-body-is-answered-as-without',
    title: 'The body of a GET makes no difference, whatever it is.',
    covers: { 'JSN-027': '1ca0cafd' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      const paths = [
        `/v1/tasks/${id}`,
        `/v1/tasks/${id}/attempts`,
        `/v1/tasks?queue=${t.queue}`,
        '/livez',
        '/.well-known/dispatchr',
      ];
      for (const path of paths) {
        const plain = await t.api.request('GET', path);
        for (const [body, type] of [
          ['{"a":1}', 'application/json'],
          ['{', 'application/json'],
          ['a=1', 'text/plain'],
        ] as const) {
          const response = await t.api.request('GET', path, { body, headers: { 'content-type': type } });
          t.status('JSN-027', response, plain.status);
          t.equal('JSN-027', 'the answer is the same', response.json, plain.json);
        }
      }
    },
  },
];

const OPERATIONS = [
  ['POST', '/run'],
  ['POST', '/retry'],
  ['POST', '/cancel'],
  ['DELETE', ''],
] as const;
