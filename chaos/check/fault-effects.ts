import type { Fault, FaultName } from '../events.ts';
import type { RunContext } from './run-context.ts';

/** What a fault can do to an attempt. */
type Effect =
  /** The process of its scheduler ends; only if it did, by the log of processes. */
  | 'ends-scheduler'
  /** Its scheduler cannot reach the database, or does not run, for longer than a moment. */
  | 'severs-scheduler'
  /** No scheduler can write to the database for longer than a moment. */
  | 'severs-database'
  /** Neither: a moment's loss is made good by another try, and a clock or a burst is no excuse at all. */
  | 'none';

const EFFECTS: Record<FaultName, Effect> = {
  'scheduler-killed': 'ends-scheduler',
  'scheduler-terminated': 'ends-scheduler',
  'poison-task': 'ends-scheduler',
  // A clock is set when a process starts: the wrong clock excuses nothing, but the restart does.
  'clock-skewed': 'ends-scheduler',
  'scheduler-stopped-past-lease': 'severs-scheduler',
  'event-loop-stalled': 'severs-scheduler',
  'proxy-delay': 'severs-scheduler',
  'proxy-blackhole': 'severs-scheduler',
  'database-stopped-immediately': 'severs-database',
  'database-killed': 'severs-database',
  'database-read-only': 'severs-database',
  'database-disk-full': 'severs-database',
  'connections-exhausted': 'severs-database',
  'scheduler-stopped-briefly': 'none',
  'proxy-cut': 'none',
  'proxy-truncate': 'none',
  'commit-cut': 'none',
  'backends-terminated': 'none',
  'transaction-held-open': 'none',
  'recorder-killed': 'none',
  'recorder-terminated': 'none',
  'burst-due-at-once': 'none',
  'target-outlives-lease': 'none',
  'target-down': 'none',
  'target-dead': 'none',
};

/** How long a scheduler may take, in milliseconds, to reach a database that is back: its longest pause, and a call's deadline. */
export const AFTERMATH_MS = 10_000;

/** The grace period of a scheduler that is told to stop, and its end, in milliseconds. */
const GRACE_MS = 30_000;

/** How late the end of a process is noticed, in milliseconds. */
const NOTICED_MS = 5000;

/** A time between two instants, both included. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The faults that can have ended the process of a scheduler (by its id) within the span. */
export function faultsThatEnded(run: RunContext, scheduler: string, span: Span): Fault[] {
  return run.faults.filter((fault) => ended(run, fault, scheduler, span));
}

/** The faults that can have kept a scheduler (by its id) from writing to the database within the span. */
export function faultsThatSevered(run: RunContext, scheduler: string, span: Span): Fault[] {
  return run.faults.filter((fault) => {
    switch (EFFECTS[fault.name]) {
      case 'none':
        return false;
      case 'ends-scheduler':
        return ended(run, fault, scheduler, span);
      case 'severs-scheduler':
        return overlaps(fault, span, AFTERMATH_MS) && hits(run, fault, scheduler);
      case 'severs-database':
        return overlaps(fault, span, AFTERMATH_MS);
    }
  });
}

function ended(run: RunContext, fault: Fault, scheduler: string, span: Span): boolean {
  if (EFFECTS[fault.name] !== 'ends-scheduler') return false;
  if (!overlaps(fault, span, 0) || !hits(run, fault, scheduler)) return false;
  const endedAt = run.lives.find((life) => life.scheduler === scheduler)?.until;
  // One that is told to stop releases what it holds first, and ends after its grace period.
  const noticed = { from: fault.from, until: fault.until + NOTICED_MS };
  const process = { from: span.from, until: span.until + GRACE_MS };
  return endedAt !== undefined && isWithin(endedAt, process) && isWithin(endedAt, noticed);
}

function isWithin(at: number, { from, until }: Span): boolean {
  return at >= from && at <= until;
}

/** Any fault at all that hit this scheduler or the database within the span. */
export function faultsThatDisturbed(run: RunContext, scheduler: string, span: Span): Fault[] {
  return run.faults.filter(
    (fault) => overlaps(fault, span, AFTERMATH_MS) && (isOfDatabase(fault) || hits(run, fault, scheduler)),
  );
}

/** Whether a fault, with what it leaves behind, was there at some time of the span. */
export function overlaps(fault: Span, span: Span, aftermathMs: number): boolean {
  return fault.from <= span.until && fault.until + aftermathMs >= span.from;
}

/**
 * Whether the fault hit the process of a scheduler (by its id). A proxy carries the name of the process that it serves;
 * several victims are named side by side.
 */
export function hits(run: RunContext, { victim }: Fault, scheduler: string): boolean {
  const name = run.schedulerName(scheduler);
  const at = victim.indexOf(name);
  return victim === scheduler || (at !== -1 && !/\d/.test(victim.charAt(at + name.length)));
}

/** Whether a fault kept anybody from the database, for however short a time. */
export function isOfDatabase({ name }: Fault): boolean {
  return EFFECTS[name] === 'severs-database' || name === 'backends-terminated';
}
