import type { Schedule } from '@dispatchr/client';
import { printJson, printLines } from '../output.ts';
import { escapeControls } from '../show/escape-controls.ts';
import { ticksInWords } from '../show/ticks-in-words.ts';

/** Prints a schedule as a command left it: its name and its ticks, or a line of JSON. */
export function printSchedule(schedule: Schedule, { json = false }: { json?: boolean }): void {
  if (json) return printJson([schedule]);
  printLines([escapeControls(`${schedule.name}  ${ticksInWords(schedule, Date.now())}`)]);
}
