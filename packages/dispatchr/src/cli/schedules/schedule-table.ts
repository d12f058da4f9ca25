import type { Schedule } from '@dispatchr/client';
import type { OutputStyle } from '../show/output-style.ts';
import { renderTable } from '../show/render-table.ts';
import type { Column } from '../show/render-table.ts';
import { ticksInWords } from '../show/ticks-in-words.ts';

/** Schedules as a table, each with what there is to know of its ticks. */
export function scheduleTable(schedules: readonly Schedule[], style: OutputStyle, nowMs: number): string[] {
  return renderTable(schedules, COLUMNS, style, {
    heading: 'TICKS',
    text: (schedule) => ticksInWords(schedule, nowMs),
  });
}

const COLUMNS: readonly Column<Schedule>[] = [
  { heading: 'NAME', text: ({ name }) => name },
  {
    heading: 'STATE',
    text: ({ paused }) => (paused ? 'paused' : 'ticking'),
    tone: ({ paused }) => (paused ? 'yellow' : 'green'),
  },
  { heading: 'CRON', text: ({ cron }) => cron, cutTo: 12 },
  { heading: 'TIME ZONE', text: ({ timeZone }) => timeZone, cutTo: 9 },
  { heading: 'TASK', text: ({ task }) => task.taskName ?? '', cutTo: 12 },
];
