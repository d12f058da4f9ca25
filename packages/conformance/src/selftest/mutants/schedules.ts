import type { Mutant } from '../mutant.ts';

/** Faults in schedules as a resource. */
const RESOURCE = [
  {
    id: 'undeclared-schedules-served',
    fault: 'Serves the operations on schedules although it does not declare them.',
    check: 'undeclared-schedules-is-refused',
  },
  {
    id: 'schedules-in-any-case-order',
    fault: 'Lists schedules by name without regard to case.',
    check: 'schedules-are-listed-by-name',
  },
  {
    id: 'unknown-schedule-as-a-queue',
    fault: 'Answers a schedule that does not exist as it would a queue.',
    check: 'an-unknown-schedule-is-404',
    collateral: ['a-delete-of-a-schedule-leaves-its-tasks'],
  },
  {
    id: 'run-of-a-schedule-200',
    fault: 'Answers a run of a schedule with 200.',
    check: 'a-run-of-a-schedule-records-a-task',
    collateral: [
      'every-status-is-documented',
      'a-run-of-a-schedule-is-no-tick',
      'a-delete-of-a-schedule-leaves-its-tasks',
      'ticks-do-not-overlap-a-pending-task',
    ],
  },
  {
    id: 'run-of-a-schedule-due-later',
    fault: 'Has the task of a run wait for some seconds.',
    check: 'a-run-of-a-schedule-records-a-task',
    collateral: ['ticks-do-not-overlap-a-pending-task'],
  },
  {
    id: 'run-not-shown',
    fault: 'Does not show the task of a run as the last one.',
    check: 'a-run-of-a-schedule-records-a-task',
    collateral: ['ticks-do-not-overlap-a-pending-task'],
  },
  {
    id: 'paused-schedule-not-run',
    fault: 'Does not run a schedule that is paused.',
    check: 'a-run-of-a-schedule-records-a-task',
  },
  {
    id: 'run-counts-as-a-tick',
    fault: 'Takes a run for a tick, and leaves out the next one.',
    check: 'a-run-of-a-schedule-is-no-tick',
  },
  {
    id: 'delete-takes-tasks-along',
    fault: 'Deletes the last task of a schedule with it.',
    check: 'a-delete-of-a-schedule-leaves-its-tasks',
  },
  {
    id: 'deleted-schedule-ticks-once-more',
    fault: 'Records another tick of a schedule that was deleted.',
    check: 'a-deleted-schedule-does-not-tick',
  },
] as const satisfies readonly Mutant[];

/** Faults in what a put makes of a schedule. */
const PUTS = [
  {
    id: 'put-keeps-what-it-leaves-out',
    fault: 'Keeps the `overlap` that a put of a schedule leaves out.',
    check: 'a-put-of-a-schedule-gives-it-every-member',
  },
  {
    id: 'missed-ticks-default-is-all',
    fault: 'Records each missed tick of a schedule that does not say what it wants.',
    check: 'a-put-of-a-schedule-gives-it-every-member',
  },
  {
    id: 'task-of-a-schedule-unjudged',
    fault: 'Takes any task for a schedule.',
    check: 'the-task-of-a-schedule-is-judged-as-a-submit',
  },
  {
    id: 'task-of-a-schedule-at-the-root',
    fault: 'Points to what is wrong with the task of a schedule as if it were the body.',
    check: 'the-task-of-a-schedule-is-judged-as-a-submit',
  },
  {
    id: 'times-in-schedules-accepted',
    fault: 'Takes a task with `id` and `dueAt` for a schedule.',
    check: 'the-task-of-a-schedule-is-judged-as-a-submit',
  },
  {
    id: 'schedule-arguments-reprinted',
    fault: 'Parses and prints the task of a schedule before it shows it.',
    check: 'the-task-of-a-schedule-is-shown-as-it-was-put',
  },
  {
    id: 'schedule-shows-defaults',
    fault: 'Shows the task of a schedule with a default that was not put.',
    check: 'the-task-of-a-schedule-is-shown-as-it-was-put',
  },
  {
    id: 'put-leaves-a-tick-out',
    fault: 'Goes on to the tick after the next at a put of the same times.',
    check: 'a-put-of-the-same-times-keeps-the-next-tick',
    collateral: ['puts-of-the-same-times-lose-no-tick'],
  },
  {
    id: 'put-loses-the-tick-at-hand',
    fault: 'Leaves out a tick that comes within a second of a put of the same times.',
    check: 'puts-of-the-same-times-lose-no-tick',
  },
  {
    id: 'put-of-times-seen-later',
    fault: 'Has the next tick of the former times come before the new ones count.',
    check: 'a-put-of-other-times-ticks-by-them',
    collateral: ['a-put-of-other-times-*', 'ticks-do-not-overlap-a-pending-task'],
  },
  {
    id: 'old-times-tick-once-more',
    fault: 'Records another tick of the times that a put has changed.',
    check: 'a-put-of-other-times-ends-the-old-ones',
    collateral: ['ticks-do-not-overlap-a-pending-task'],
  },
  {
    id: 'new-times-count-from-the-first-put',
    fault: 'Records the ticks that new times would have had since the schedule was made.',
    check: 'a-put-of-other-times-makes-up-for-nothing',
    collateral: ['ticks-do-not-overlap-a-pending-task'],
  },
  {
    id: 'put-resumes-a-schedule',
    fault: 'Resumes a paused schedule that is put.',
    check: 'a-put-leaves-a-schedule-paused',
  },
  {
    id: 'refused-schedule-put-kept',
    fault: 'Keeps the valid part of a put of a schedule that it refuses.',
    check: 'a-refused-put-of-a-schedule-changes-nothing',
  },
] as const satisfies readonly Mutant[];

/** Faults in reading cron expressions and time zones. */
const CRON = [
  {
    id: 'cron-values-cut',
    fault: 'Takes a value that a field of a cron expression does not have for its highest.',
    check: 'a-cron-of-another-form-is-refused',
    collateral: ['a-refused-put-of-a-schedule-changes-nothing'],
  },
  {
    id: 'cron-extensions-accepted',
    fault: 'Accepts `?` and `L` in a cron expression.',
    check: 'a-cron-of-another-form-is-refused',
  },
  {
    id: 'cron-with-a-year-accepted',
    fault: 'Accepts a seventh field of a cron expression.',
    check: 'a-cron-of-another-form-is-refused',
  },
  {
    id: 'cron-that-never-ticks-accepted',
    fault: 'Accepts a cron expression that never ticks.',
    check: 'a-cron-that-never-ticks-is-refused',
  },
  {
    id: 'offset-as-time-zone-accepted',
    fault: 'Accepts an offset as a time zone.',
    check: 'a-time-zone-that-nobody-named-is-refused',
  },
  {
    id: 'cron-days-both-needed',
    fault: 'Ticks only when the day of month and the day of week both match.',
    check: 'a-cron-ticks-when-every-field-matches',
  },
  {
    id: 'cron-sunday-is-0-only',
    fault: 'Takes the day of week 7 for a Monday.',
    check: 'a-cron-ticks-when-every-field-matches',
  },
  {
    id: 'cron-steps-from-zero',
    fault: 'Counts the steps of a range from zero.',
    check: 'a-cron-ticks-when-every-field-matches',
  },
  {
    id: 'time-zone-ignored',
    fault: 'Reads every cron expression in UTC.',
    check: 'a-cron-is-read-in-its-time-zone',
    collateral: ['a-put-of-other-times-ticks-by-them', 'a-fixed-time-that-*', 'other-times-that-*'],
  },
  {
    id: 'skipped-time-left-out',
    fault: 'Leaves out the tick of a fixed time that a change of the clock skips.',
    check: 'a-fixed-time-that-is-skipped-ticks-at-the-change',
  },
  {
    id: 'skipped-time-moved-on',
    fault: 'Has a fixed time that is skipped tick as long after the change as it would have before.',
    check: 'a-fixed-time-that-is-skipped-ticks-at-the-change',
  },
  {
    id: 'fixed-time-at-the-second',
    fault: 'Ticks at the second of two instants that have a fixed time.',
    check: 'a-fixed-time-that-comes-twice-ticks-at-the-first',
  },
  {
    id: 'skipped-times-made-up',
    fault: 'Ticks at the change of the clock for other times that it skips.',
    check: 'other-times-that-are-skipped-do-not-tick',
  },
  {
    id: 'doubled-times-at-the-second',
    fault: 'Ticks at none but the second of two instants that have another time.',
    check: 'other-times-that-come-twice-tick-at-the-first-too',
  },
] as const satisfies readonly Mutant[];

/** Faults in schedules and their times. */
export const SCHEDULES_MUTANTS = [...RESOURCE, ...PUTS, ...CRON] as const;
