import type { Check } from '../../check.ts';
import { EACH_SECOND, withSchedules } from './own-schedules.ts';

/** Operations on schedules, asked of an implementation that has none. */
export const UNDECLARED_CHECKS: readonly Check[] = [
  {
    id: 'undeclared-schedules-is-refused',
    title: 'A recorder without the feature `schedules` refuses every operation that needs it.',
    covers: { 'DSC-006': 'c97e06cb', 'FEA-008': 'f1eb9127', 'PRB-011': '8d461e5b' },
    profile: 'recorder',
    withoutFeature: 'schedules',
    run: withSchedules(async (t, schedules) => {
      const members = { feature: 'schedules' };
      const list = await t.api.request('GET', '/v1/schedules');
      const put = await schedules.send({ cron: EACH_SECOND });
      t.problem('DSC-006', list, 'feature-not-supported', { members });
      t.problem('DSC-006', put, 'feature-not-supported', { members });
      for (const [method, rest] of [
        ['GET', ''],
        ['POST', '/pause'],
        ['POST', '/resume'],
        ['POST', '/run'],
        ['DELETE', ''],
      ] as const)
        t.problem('DSC-006', await schedules.request(method, '', rest), 'feature-not-supported', { members });
      t.equal('FEA-008', 'tasks that were recorded', await schedules.tasks(), []);
    }),
  },
];
