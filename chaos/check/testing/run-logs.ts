import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOG_FILES, type Fault, type FaultEvent } from '../../events.ts';
import { runContextOf, type RunContext } from '../run-context.ts';
import { START, type TaskLog } from './task-log.ts';

/** Two schedulers, a load of two minutes, and a drain of one. */
export const RUN: readonly FaultEvent[] = [
  process('scheduler-1', 101),
  process('scheduler-2', 102),
  { kind: 'phase', at: START, phase: 'load' },
  { kind: 'phase', at: START + 120_000, phase: 'healed' },
  { kind: 'phase', at: START + 180_000, phase: 'drained' },
];

/** A fault of scheduler-1, of a second, a second after the start, unless told otherwise. */
export function fault(name: Fault['name'], patch: Partial<Fault> = {}): Fault {
  return { kind: 'fault', name, victim: 'scheduler-1', from: START + 1000, until: START + 2000, ...patch };
}

/** The end of the process of a scheduler, a second after the start unless told otherwise. */
export function death(name = 'scheduler-1', until: number = START + 1000): FaultEvent {
  return { ...process(name, name === 'scheduler-1' ? 101 : 102), until } as FaultEvent;
}

/** The run as a whole, with these events on top. */
export function runWith(...events: FaultEvent[]): RunContext {
  return runContextOf([...RUN, ...events]);
}

/** Writes the logs of a run to a folder that goes when the function ends. */
export async function inFolder<T>(
  tasks: readonly TaskLog[],
  use: (folder: string) => Promise<T>,
  events: readonly FaultEvent[] = RUN,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-check-test-'));
  const write = (file: string, lines: readonly object[]) =>
    writeFile(join(folder, file), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  try {
    await write(
      LOG_FILES.producer,
      tasks.flatMap(({ producer }) => producer),
    );
    await write(
      LOG_FILES.target,
      tasks.flatMap(({ target }) => target),
    );
    await write(
      LOG_FILES.transitions,
      tasks.flatMap(({ transitions }) => transitions),
    );
    await write(LOG_FILES.faults, events);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function process(name: string, pid: number): FaultEvent {
  return { kind: 'process', name, role: 'scheduler', pid, scheduler: `id-of-${name}`, from: START };
}
