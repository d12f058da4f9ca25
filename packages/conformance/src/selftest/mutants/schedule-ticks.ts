import type { Mutant } from '../mutant.ts';

/** Faults in ticks. */
const TICKS = [
  {
    id: 'tick-ids-with-milliseconds',
    fault: 'Writes the milliseconds of a tick into the id of its task.',
    check: 'a-tick-records-the-task-of-the-schedule',
    collateral: ['*tick*', '*times*', 'a-paused-schedule-*'],
  },
  {
    id: 'tick-due-when-recorded',
    fault: 'Gives the task of a tick the instant at which it is recorded as `dueAt`.',
    check: 'a-tick-records-the-task-of-the-schedule',
    collateral: [
      'each-tick-records-one-task',
      'ticks-are-complete-over-kills',
      'missed-ticks-are-recorded-as-asked',
    ],
  },
  {
    id: 'ticks-without-arguments',
    fault: 'Delivers the tasks of ticks without their arguments.',
    check: 'a-tick-records-the-task-of-the-schedule',
  },
  {
    id: 'every-third-tick-lost',
    fault: 'Records two ticks of three.',
    check: 'each-tick-records-one-task',
    collateral: ['*tick*', '*times*', 'a-paused-schedule-*'],
  },
  {
    id: 'ticks-recorded-twice',
    fault: 'Records the task of a tick once more, with another id.',
    check: 'each-tick-records-one-task',
    collateral: [
      'ticks-do-not-overlap-a-running-task',
      'ticks-are-complete-over-kills',
      'missed-ticks-are-recorded-as-asked',
    ],
  },
  {
    id: 'ticks-recorded-late',
    fault: 'Records ticks two and a half seconds after they come.',
    check: 'ticks-are-recorded-within-a-second',
    collateral: ['*tick*', '*times*', 'a-paused-schedule-*'],
  },
  {
    id: 'next-tick-shown-is-the-first',
    fault: 'Goes on to show the first tick as the next one.',
    check: 'a-schedule-shows-its-next-tick',
    collateral: ['*tick*', '*times*', 'a-paused-schedule-*'],
  },
  {
    id: 'paused-schedule-shows-a-tick',
    fault: 'Shows a next tick of a paused schedule.',
    check: 'a-paused-schedule-shows-no-next-tick',
    collateral: ['a-schedule-shows-its-next-tick', 'a-put-leaves-a-schedule-paused'],
  },
  {
    id: 'taken-tick-under-another-id',
    fault: 'Records a tick under another id where its own is taken.',
    check: 'a-tick-whose-id-is-taken-records-nothing',
  },
  {
    id: 'paused-schedule-ticks',
    fault: 'Records the ticks of a paused schedule.',
    check: 'a-paused-schedule-does-not-tick',
    collateral: ['a-resumed-schedule-ticks-from-then-on'],
  },
  {
    id: 'second-schedule-pause-404',
    fault: 'Answers a pause of a paused schedule as if there were none.',
    check: 'a-second-pause-of-a-schedule-changes-nothing',
  },
  {
    id: 'resume-leaves-a-tick-out',
    fault: 'Leaves out the next tick of a schedule that is resumed without being paused.',
    check: 'a-second-pause-of-a-schedule-changes-nothing',
  },
  {
    id: 'pause-is-made-up-for',
    fault: 'Records the ticks of a pause once the schedule is resumed.',
    check: 'a-resumed-schedule-ticks-from-then-on',
  },
  {
    id: 'overlap-ignored',
    fault: 'Records each tick, whatever became of the last one.',
    check: 'ticks-do-not-overlap-a-running-task',
    collateral: ['ticks-do-not-overlap-a-pending-task'],
  },
  {
    id: 'overlap-of-pending-ignored',
    fault: 'Has ticks overlap with a task that waits for its next try.',
    check: 'ticks-do-not-overlap-a-pending-task',
  },
  {
    id: 'overlap-never-ends',
    fault: 'Leaves out every tick after the first where ticks may not overlap.',
    check: 'ticks-do-not-overlap-a-pending-task',
  },
  {
    id: 'overlap-always-forbidden',
    fault: 'Leaves out ticks that may overlap.',
    check: 'ticks-overlap-where-they-may',
    collateral: ['*tick*', '*times*', 'a-paused-schedule-*'],
  },
] as const satisfies readonly Mutant[];

/** Faults in what outages leave. */
const OUTAGES = [
  {
    id: 'schedules-lost-at-restart',
    fault: 'Keeps schedules in memory only.',
    check: 'a-schedule-survives-a-kill',
    collateral: ['ticks-are-complete-over-kills', 'missed-ticks-are-recorded-as-asked'],
  },
  {
    id: 'ticks-of-an-outage-lost',
    fault: 'Forgets the ticks that came while it did not run.',
    check: 'ticks-are-complete-over-kills',
    collateral: ['missed-ticks-are-recorded-as-asked'],
  },
  {
    id: 'last-tick-again-after-a-kill',
    fault: 'Records the last tick once more after a kill.',
    check: 'ticks-are-complete-over-kills',
    collateral: ['missed-ticks-are-recorded-as-asked'],
  },
  {
    id: 'late-ticks-count-as-missed',
    fault: 'Takes each tick that is not recorded at once for a missed one.',
    check: 'missed-ticks-are-recorded-as-asked',
  },
  {
    id: 'missed-ticks-never-skipped',
    fault: 'Records the latest missed tick of a schedule that is to skip them.',
    check: 'missed-ticks-are-recorded-as-asked',
  },
  {
    id: 'first-missed-tick-recorded',
    fault: 'Records the first of the ticks that were missed instead of the latest.',
    check: 'missed-ticks-are-recorded-as-asked',
  },
  {
    id: 'one-missed-tick-as-all',
    fault: 'Records each missed tick of a schedule that wants one.',
    check: 'missed-ticks-are-recorded-as-asked',
  },
  {
    id: 'all-missed-ticks-as-one',
    fault: 'Records one missed tick of a schedule that wants all.',
    check: 'missed-ticks-are-recorded-as-asked',
  },
] as const satisfies readonly Mutant[];

/** Faults in the ticks of schedules. */
export const SCHEDULE_TICKS_MUTANTS = [...TICKS, ...OUTAGES] as const;
