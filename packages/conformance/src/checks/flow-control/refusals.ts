import type { Check } from '../../check.ts';

const COVERS: Check['covers'] = { 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' };

/** Method, path below `/v1`, and body; `Q` stands for the check's queue. */
type Operation = readonly [method: string, path: string, body?: object];

/** Operations that need a feature, asked of an implementation without it. */
export const REFUSAL_CHECKS: readonly Check[] = [
  refusal('queues', [
    ['GET', '/queues'],
    ['GET', '/queues/Q'],
    ['PUT', '/queues/Q', { weight: 2 }],
    ['POST', '/queues/Q/pause'],
    ['POST', '/queues/Q/resume'],
    ['POST', '/queues/Q/purge'],
    ['DELETE', '/queues/Q'],
  ]),
  refusal('flow-keys', [
    ['GET', '/queues/Q/flow-keys'],
    ['PUT', '/queues/Q/flow-keys/k', { maxConcurrency: 1 }],
  ]),
];

function refusal(feature: string, operations: readonly Operation[]): Check {
  return {
    id: `undeclared-${feature}-is-refused`,
    title: `A recorder without the feature \`${feature}\` refuses every operation that needs it, and does nothing.`,
    covers: COVERS,
    profile: 'recorder',
    withoutFeature: feature,
    async run(t) {
      const { id } = await t.submit(t.parked());
      for (const [method, path, body] of operations) {
        const url = `/v1${path.replace('Q', t.queue)}`;
        const response = await t.api.request(method, url, body === undefined ? {} : { body });
        // Without `queues` it may name that one: the operations on flow keys need both.
        const { features } = t.discovery;
        const named =
          !features.includes('queues') && response.json?.feature === 'queues' ? 'queues' : feature;
        t.problem('DSC-006', response, 'feature-not-supported', { members: { feature: named } });
      }
      t.equal('FEA-008', 'the task of the queue', (await t.api.get(id)).json?.state, 'pending');
    },
  };
}
