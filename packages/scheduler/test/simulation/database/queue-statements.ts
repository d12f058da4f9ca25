import { gateAt } from './gate-statements.ts';
import { settingsColumns } from './look-statements.ts';
import { isUnexpired } from './rules.ts';
import type { Row } from './row.ts';
import { ALL_UNFINISHED, toDate, type SimulatedStatement, type StatementContext } from './statement-run.ts';
import { gateKey, type UnfinishedTask } from './tables.ts';

/** Mirrors lock-queue-settings.ts. */
export const lockQueueSettings: SimulatedStatement = (context, [name]) => ({
  found: [`queue ${String(name)}`],
  locks: true,
  stillMatches: () => true,
  answer: () => [context.tables.queues.get(name as string)?.columns ?? {}],
  write: () => {
    const { tables } = context;
    tables.writeQueue(name as string, tables.queues.get(name as string)?.columns ?? { paused: false });
    return [];
  },
});

const SETTINGS = [
  'name',
  'weight',
  'paused',
  'max_concurrency',
  'rate_per_second',
  'rate_burst',
  'flow_max_concurrency',
  'flow_rate_per_second',
  'flow_rate_burst',
  'retry',
  'timeout_ms',
] as const;

/** Mirrors write-queue-settings.ts. */
export const writeQueueSettings: SimulatedStatement = (context, values) => {
  const columns: Row = Object.fromEntries(SETTINGS.map((column, index) => [column, values[index]]));
  const name = columns['name'] as string;
  return writing([`queue ${name}`], () => {
    const wasPaused = context.tables.queues.get(name)?.columns['paused'] === true;
    context.tables.writeQueue(name, columns);
    context.note(columns['paused'] === true && !wasPaused ? 'pause' : 'put of limits');
    context.logSettings(name, '');
  });
};

/** Mirrors find-flow-key-limits.ts. */
export const findFlowKeyLimits: SimulatedStatement = ({ tables }, [queue, flowKey]) => {
  const row = tables.flowKeys.get(gateKey(queue as string, flowKey as string));
  return { rows: row === undefined ? [] : [row] };
};

/** Mirrors the statement that writes of write-flow-key-limits.ts. */
export const writeFlowKeyLimits: SimulatedStatement = (context, values) => {
  const [queue, flowKey, maxConcurrency, ratePerSecond, rateBurst] = values as [string, string, ...unknown[]];
  const columns = { max_concurrency: maxConcurrency, rate_per_second: ratePerSecond, rate_burst: rateBurst };
  return writing([`flow key ${gateKey(queue, flowKey)}`], () => {
    context.tables.flowKeys.set(gateKey(queue, flowKey), columns);
    context.note('put of limits');
    context.logSettings(queue, flowKey);
  });
};

/** Mirrors the statement that removes of write-flow-key-limits.ts. */
export const removeFlowKeyLimits: SimulatedStatement = (context, values) => {
  const [queue, flowKey] = values as [string, string];
  return writing([`flow key ${gateKey(queue, flowKey)}`], () => {
    context.tables.flowKeys.delete(gateKey(queue, flowKey));
    context.logSettings(queue, flowKey);
  });
};

function writing(found: readonly string[], write: () => void): ReturnType<SimulatedStatement> {
  return {
    found,
    locks: true,
    stillMatches: () => true,
    write() {
      write();
      return [];
    },
  };
}

/** Mirrors lock-unfinished-tasks of stop-claims.ts. */
export const lockUnfinishedTasks: SimulatedStatement = () => writing([ALL_UNFINISHED], () => {});

/** Mirrors the two statements of count-running-tasks.ts. */
export function countRunning(bit: 1 | 2): SimulatedStatement {
  return (context, [queue, flowKey]) => {
    const { tables } = context;
    const isUncounted = (task: UnfinishedTask): boolean =>
      task.queue === queue &&
      (bit === 1 || flowKey === null || task.flowKey === flowKey) &&
      task.unfinished.state === 'running' &&
      (task.unfinished.gate & bit) === 0;
    const found = [...tables.unfinished.values()].filter(isUncounted);
    const keys = found.map((task) => gateKey(task.queue, bit === 1 ? '' : task.flowKey));
    return {
      found: [...found.map(({ seq }) => seq), ...new Set(keys)],
      locks: true,
      stillMatches: () => true,
      write() {
        for (const task of found) adopt(context, task, bit);
        return [];
      },
    };
  };
}

function adopt(context: StatementContext, task: UnfinishedTask, bit: 1 | 2): void {
  const { queue, flowKey, unfinished: row } = task;
  const before = { ...row };
  row.gate |= bit;
  context.log('adopt', task, before);
  context.note('adopted by a put');
  const gate = gateAt(context.tables, { queue, flowKey: bit === 1 ? '' : flowKey });
  gate.inFlight += 1;
  context.logGate(gate.queue, gate.flowKey);
}

/** Mirrors bring-rates-forward.ts. */
export const bringRatesForward: SimulatedStatement = ({ tables, nowMs }, [queue, flowKey, mostMs]) => {
  const isAhead = (key: string): boolean => {
    const gate = tables.gates.get(key);
    if (gate === undefined || gate.queue !== queue || gate.tat <= nowMs + Number(mostMs)) return false;
    const hasRate = tables.flowKeys.get(key)?.['rate_per_second'] ?? null;
    return gate.flowKey === flowKey || (flowKey === null && gate.flowKey !== '' && hasRate === null);
  };
  return {
    found: [...tables.gates.keys()].filter(isAhead).toSorted(),
    locks: true,
    stillMatches: (key) => isAhead(key as string),
    write(keys) {
      for (const key of keys) tables.gates.get(key as string)!.tat = nowMs + Number(mostMs);
      return [];
    },
  };
};

/** Mirrors find-queue.ts. */
export const findQueue: SimulatedStatement = ({ tables, nowMs }, [name]) => {
  const tasks = [...tables.unfinished.values()].filter(({ queue }) => queue === name);
  return {
    rows: [
      {
        ...counts(tasks, nowMs),
        has_settings: tables.queues.has(name as string),
        ...settingsColumns(tables, name as string),
      },
    ],
  };
};

/** Mirrors find-flow-key of list-flow-keys.ts. */
export const findFlowKey: SimulatedStatement = ({ tables, nowMs }, [queue, flowKey]) => {
  const tasks = [...tables.unfinished.values()].filter(
    (task) => task.queue === queue && task.flowKey === flowKey,
  );
  return { rows: [{ flow_key: flowKey, ...counts(tasks, nowMs) }] };
};

function counts(tasks: readonly UnfinishedTask[], nowMs: number): Row {
  const pending = tasks.filter(({ unfinished }) => unfinished.state === 'pending');
  const due = pending.filter(({ unfinished }) => unfinished.dueAt <= nowMs && isUnexpired(unfinished, nowMs));
  return {
    pending: pending.length,
    due: due.length,
    running: tasks.length - pending.length,
    oldest_due_at: toDate(
      due.length === 0 ? null : Math.min(...due.map(({ unfinished }) => unfinished.dueAt)),
    ),
  };
}
