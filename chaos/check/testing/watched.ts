import type { QueueCall, QueueSettings } from '../../events.ts';
import type { RunContext } from '../run-context.ts';
import type { Watch } from '../watch.ts';
import { runWith } from './run-logs.ts';
import { START, type TaskLog } from './task-log.ts';

/** What the watch says of these tasks. */
export function saidBy(watch: Watch, tasks: readonly TaskLog[], run: RunContext = runWith()): string[] {
  for (const task of tasks) watch.collect(task.history());
  return watch.violations(run).map(({ says }) => says);
}

/** A call that was answered 200 at once, an hour before the start unless told otherwise. */
export function queueCall(settings: QueueSettings, patch: Partial<QueueCall> = {}): QueueCall {
  const from = patch.from ?? START - 3_600_000;
  return { kind: 'queue-call', queue: 'q', from, until: from + 1, status: 200, settings, ...patch };
}
