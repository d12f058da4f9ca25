import type { Fault, FaultEvent, Gate, Lag, Phase, ProcessLife, QueueCall } from '../events.ts';
import { parseEvent, readLines } from './read-log.ts';

/** What the logs say of the run as a whole. */
export interface RunContext {
  readonly faults: readonly Fault[];
  readonly lives: readonly ProcessLife[];
  readonly phases: readonly Phase[];
  readonly peaks: ReadonlyMap<string, ResourcePeak>;
  /** By the instant of asking. */
  readonly queueCalls: readonly QueueCall[];
  readonly gates: readonly Gate[];
  readonly lags: readonly Lag[];
  /** Slot name (`scheduler-1`) of the id under which a scheduler claims; the id itself if no process had it. */
  schedulerName(id: string): string;
  /** First instant of a phase; absent if it never came. */
  phaseAt(phase: Phase['phase']): number | undefined;
}

/** The most that the processes of one name cost. */
export interface ResourcePeak {
  readonly residentBytes: number;
  readonly fileDescriptors: number;
}

/** Reads the log of faults, which fits into memory. */
export async function readRunContext(file: string): Promise<RunContext> {
  const events: FaultEvent[] = [];
  for await (const lines of readLines(file))
    for (const { text, number } of lines) events.push(parseEvent(text, `${file}:${number}`) as FaultEvent);
  return runContextOf(events);
}

/** The events of the log of faults, in any order. */
export function runContextOf(events: readonly FaultEvent[]): RunContext {
  const faults: Fault[] = [];
  // A process is logged at its start and again at its end, which says more.
  const lives = new Map<string, ProcessLife>();
  const phases: Phase[] = [];
  const queueCalls: QueueCall[] = [];
  const gates: Gate[] = [];
  const lags: Lag[] = [];
  const peaks = new Map<string, ResourcePeak>();
  for (const event of events) {
    if (event.kind === 'fault') faults.push(event);
    else if (event.kind === 'phase') phases.push(event);
    else if (event.kind === 'queue-call') queueCalls.push(event);
    else if (event.kind === 'gate') gates.push(event);
    else if (event.kind === 'lag') lags.push(event);
    else if (event.kind === 'process') lives.set(`${event.name} ${event.pid} ${event.from}`, event);
    else {
      const peak = peaks.get(event.process);
      peaks.set(event.process, {
        residentBytes: Math.max(event.residentBytes, peak?.residentBytes ?? 0),
        fileDescriptors: Math.max(event.fileDescriptors, peak?.fileDescriptors ?? 0),
      });
    }
  }
  const names = new Map([...lives.values()].map(({ scheduler, name }) => [scheduler, name]));
  return {
    faults: faults.toSorted((a, b) => a.from - b.from),
    lives: [...lives.values()],
    phases,
    peaks,
    queueCalls: queueCalls.toSorted((a, b) => a.from - b.from),
    gates,
    lags,
    schedulerName: (id) => names.get(id) ?? id,
    phaseAt: (phase) => phases.find((event) => event.phase === phase)?.at,
  };
}
