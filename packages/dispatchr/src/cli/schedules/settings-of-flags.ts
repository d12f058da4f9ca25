import type { ScheduledTask, ScheduleSettings } from '@dispatchr/client';
import { givenOnly, taskOfFlags } from '../options/task-options.ts';
import type { TaskFlags } from '../options/task-options.ts';
import { UsageError } from '../usage-error.ts';

/** Flags of `dispatchr schedules put` that describe a schedule, as commander hands them over. */
export interface ScheduleFlags extends TaskFlags {
  cron?: string;
  timeZone?: string;
  missedTicks?: NonNullable<ScheduleSettings['missedTicks']>;
  overlap?: NonNullable<ScheduleSettings['overlap']>;
}

/** Settings of which some may be missing, those of the task too. */
export type PartialSettings = Partial<Omit<ScheduleSettings, 'task'>> & { task?: Partial<ScheduledTask> };

/** The settings that flags give; throws a UsageError for a header that is none. */
export function settingsOfFlags(flags: ScheduleFlags): PartialSettings {
  const { cron, timeZone, missedTicks, overlap } = flags;
  const task = taskOfFlags(flags);
  return givenOnly<PartialSettings>({
    cron,
    timeZone,
    missedTicks,
    overlap,
    task: Object.keys(task).length === 0 ? undefined : task,
  });
}

/** The settings that flags have to give if nothing is read from standard input. */
export function requireCronAndTask(settings: PartialSettings): PartialSettings {
  const { cron, task } = settings;
  const given = { '--cron': cron, '--target': task?.target, '--name': task?.taskName };
  const missing = Object.entries(given).find(([, value]) => value === undefined);
  if (missing === undefined) return settings;
  throw new UsageError(
    `expected --cron, --target and --name, or - for the settings on standard input; ${missing[0]} is missing`,
  );
}

/** The first settings, and what they leave out from the second; in the same way those of their tasks. */
export function fillIn(settings: PartialSettings, others: PartialSettings): PartialSettings {
  const merged = { ...others, ...settings };
  // What is no object is for the service to refuse.
  if (!isObject(settings.task) || others.task === undefined) return merged;
  return { ...merged, task: { ...others.task, ...settings.task } };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
