import { describe, expect, it } from 'vitest';
import { fillIn, requireCronAndTask, settingsOfFlags } from './settings-of-flags.ts';
import type { PartialSettings } from './settings-of-flags.ts';

const TASK = { target: 'http://a', taskName: 'report' };

describe('settingsOfFlags', () => {
  it('gives the settings that flags give, and no others', () => {
    expect(settingsOfFlags({})).toEqual({});
    expect(settingsOfFlags({ cron: '@daily', target: 'http://a', name: 'report' })).toEqual({
      cron: '@daily',
      task: TASK,
    });
  });

  it('gives every setting its name of the API', () => {
    expect(
      settingsOfFlags({ timeZone: 'Asia/Tokyo', missedTicks: 'all', overlap: 'skip', queue: 'low' }),
    ).toEqual({ timeZone: 'Asia/Tokyo', missedTicks: 'all', overlap: 'skip', task: { queue: 'low' } });
  });
});

describe('requireCronAndTask', () => {
  it.each<[PartialSettings, string]>([
    [{}, '--cron is missing'],
    [{ task: TASK }, '--cron is missing'],
    [{ cron: '@daily', task: { taskName: 'x' } }, '--target is missing'],
    [{ cron: '@daily', task: { target: 'http://a' } }, '--name is missing'],
  ])('refuses %o', (settings, message) => {
    expect(() => requireCronAndTask(settings)).toThrow(message);
  });

  it('gives back what is complete', () => {
    expect(requireCronAndTask({ cron: '@daily', task: TASK })).toEqual({ cron: '@daily', task: TASK });
  });
});

describe('fillIn', () => {
  it('takes what is left out, of the task too', () => {
    const settings = { cron: '@hourly', task: { taskName: 'mine' } };
    expect(fillIn(settings, { cron: '@daily', timeZone: 'UTC', task: TASK })).toEqual({
      cron: '@hourly',
      timeZone: 'UTC',
      task: { target: 'http://a', taskName: 'mine' },
    });
    expect(fillIn({ cron: '@hourly' }, { task: TASK })).toEqual({ cron: '@hourly', task: TASK });
    expect(fillIn({ task: TASK }, {})).toEqual({ task: TASK });
  });

  it.each([null, 'x', [1]])('leaves a task that is %j to the service to refuse', (task) => {
    expect(fillIn({ task } as unknown as PartialSettings, { task: TASK })).toEqual({ task });
  });
});
