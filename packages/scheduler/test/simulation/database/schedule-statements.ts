import { toDate, type SimulatedStatement } from './statement-run.ts';

/** Mirrors find-due-schedules.ts on a table without schedules, of which the simulation has none. */
export const findDueSchedules: SimulatedStatement = ({ nowMs }) => ({
  rows: [{ now: toDate(nowMs), next_in_ms: null, name: null }],
});
