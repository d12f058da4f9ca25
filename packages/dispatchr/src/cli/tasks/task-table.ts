import { relativeInWords } from '../show/durations.ts';
import { toneOfState } from '../show/output-style.ts';
import type { OutputStyle } from '../show/output-style.ts';
import { renderTable } from '../show/render-table.ts';
import type { Column } from '../show/render-table.ts';
import { sentenceOf } from './read-standing.ts';
import type { Standing } from './read-standing.ts';

/** Tasks as a table, each with its sentence. */
export function taskTable(standings: readonly Standing[], style: OutputStyle, nowMs: number): string[] {
  const columns: Column<Standing>[] = [
    { heading: 'ID', text: ({ task }) => task.id },
    { heading: 'STATE', text: ({ task }) => task.state, tone: ({ task }) => toneOfState(task.state) },
    { heading: 'NAME', text: ({ task }) => task.taskName ?? '', cutTo: 12 },
    { heading: 'QUEUE', text: ({ task }) => task.queue, cutTo: 8 },
    { heading: 'SUBMITTED', text: ({ task }) => relativeInWords(Date.parse(task.createdAt), nowMs) },
  ];
  return renderTable(standings, columns, style, {
    heading: 'WHERE IT STANDS',
    text: (standing) => sentenceOf(standing, nowMs),
  });
}
