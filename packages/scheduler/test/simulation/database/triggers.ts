import type { FlowEvent } from '../flow-events.ts';
import type { History } from '../history.ts';
import type { Client } from './rules.ts';
import type { LoggedEvent, StatementContext } from './statement-run.ts';
import { gateKey, type Tables, type TaskRow } from './tables.ts';

/** A statement that writes, or its transaction. */
export interface Occasion {
  readonly client: Client;
  /** `now()`. */
  readonly nowDbMs: number;
  /** Virtual time of what it sees. */
  begunMs: number;
}

type FlowControl = Pick<StatementContext, 'note' | 'logGate' | 'logSettings' | 'logHold'>;

/** What triggers on the tables would write to a log. */
export interface Triggers {
  /** What is logged from here on is of one more commit. */
  nextCommit(): void;
  log(
    occasion: Occasion,
    event: LoggedEvent,
    task: TaskRow,
    before: TaskRow['unfinished'] | TaskRow['finished'],
  ): void;
  readonly ofFlowControl: FlowControl;
}

/** Triggers that write to the logs of a run. */
export function createTriggers(
  tables: Tables,
  history: History,
  now: () => { atMs: number; dbMs: number },
): Triggers {
  let commit = 0;
  return {
    nextCommit() {
      commit += 1;
    },
    log({ client, nowDbMs, begunMs }, event, task, before) {
      const after = task.unfinished ?? task.finished;
      const row = after ?? before!;
      const leased = before !== undefined && 'lease' in before ? before : undefined;
      const { atMs, dbMs } = now();
      history.transitions.push({
        commit,
        atMs,
        begunMs,
        nowDbMs,
        committedDbMs: dbMs,
        seq: task.seq,
        id: task.id,
        queue: task.queue,
        flowKey: task.flowKey,
        event,
        from: before?.state ?? null,
        to: after?.state ?? null,
        reason: task.finished?.reason ?? null,
        by: client.id,
        scheduler: leased?.scheduler ?? null,
        leaseBefore: leased?.lease ?? null,
        attempt: row.attempt,
        attemptsUsed: row.attemptsUsed,
        dueDbMs: row.dueAt,
        expiresDbMs: task.unfinished?.expiresAt ?? leased?.expiresAt ?? null,
        cancelRequestedDbMs: row.cancelRequestedAt,
        lease: task.unfinished?.lease ?? null,
        gate: task.unfinished?.gate ?? 0,
        parkedFor: task.unfinished?.parkedFor ?? null,
        isRun: leased !== undefined && leased.runAt !== null,
        fingerprint: task.fingerprint,
      });
    },
    ofFlowControl: flowControl(tables, history, () => ({ commit, atMs: now().atMs })),
  };
}

function flowControl(
  tables: Tables,
  history: History,
  now: () => { commit: number; atMs: number },
): FlowControl {
  return {
    note: (event: FlowEvent) => void history.flowEvents.set(event, (history.flowEvents.get(event) ?? 0) + 1),
    logGate(queue, flowKey) {
      const inFlight = tables.gates.get(gateKey(queue, flowKey))?.inFlight ?? 0;
      history.gates.push({ ...now(), queue, flowKey, inFlight });
    },
    logHold(key) {
      const row = tables.heldTargets.get(key);
      history.holds.push({ ...now(), key, state: row?.state ?? null, untilDbMs: row?.until ?? 0 });
    },
    logSettings(queue, flowKey) {
      const columns =
        flowKey === '' ? tables.queues.get(queue)?.columns : tables.flowKeys.get(gateKey(queue, flowKey));
      history.settings.push({ ...now(), queue, flowKey, columns: columns ?? {} });
    },
  };
}
