import type { Check } from '../../check.ts';
import { forAll, requireAccepted, requireRefused } from './submission-verdict.ts';

/** The member `request` of a submission. */
export const REQUEST_TEMPLATE_CHECKS: readonly Check[] = [
  {
    id: 'body-that-is-not-base64-is-refused',
    title:
      'A request.body that is not padded base64 of RFC 4648 section 4 is refused at /request/body if bodyEncoding says that it is.',
    covers: { 'REC-013': '07dc4115' },
    profile: 'recorder',
    features: ['request'],
    async run(t) {
      const withBody = (body: string): object => ({ request: { body, bodyEncoding: 'base64' } });
      const bodies = [
        'aGVsbG8',
        'a',
        'aGVs\nbG8=',
        'aGVs bG8=',
        'aG-_',
        'aGVsbG8==',
        '=aGVsbG8',
        'aGVsbG8=aGVs',
        'aGVsbG8é',
      ];
      await forAll(bodies, (body) => requireRefused(t, 'REC-013', withBody(body), '/request/body'));
      await forAll(['', 'aGVsbG8=', 'aA==', '+/+/'], (body) => requireAccepted(t, 'REC-013', withBody(body)));
      await requireAccepted(t, 'REC-013', { request: { body: 'aGVsbG8' } });
    },
  },
  {
    id: 'task-name-is-a-label-beside-request',
    title: 'A taskName beside request is kept and shown, and not delivered.',
    covers: { 'REC-027': 'c7b86902' },
    profile: 'core',
    features: ['request'],
    async run(t) {
      const target = await t.target();
      const body = 'the body alone';
      const task = t.taskFor(target, { taskName: 'label-of-the-task', request: { body } });
      const { id, taskName } = await t.submit(task);
      t.equal('REC-027', 'the taskName in the answer', taskName, 'label-of-the-task');
      const { json } = await t.api.get(id);
      t.equal('REC-027', 'the taskName of the task', json?.taskName, 'label-of-the-task');
      const delivery = await t.delivery(target);
      t.equal('REC-027', 'the body of the delivery', delivery.body.toString('utf8'), body);
      const headers = JSON.stringify(delivery.rawHeaders);
      t.ok('REC-027', 'no header carries the taskName', !headers.includes('label-of-the-task'), headers);
    },
  },
];
