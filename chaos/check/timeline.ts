import type { Fault, TransitionRow } from '../events.ts';
import { clockTime } from './invariant.ts';
import type { RunContext } from './run-context.ts';
import type { Step } from './steps.ts';
import type { Delivery, OperationCall, SubmitCall, TaskHistory } from './task-history.ts';

interface Entry {
  readonly at: number;
  readonly text: string;
}

/** All that the logs say of a task, and the faults meanwhile, merged by time: one line each, seconds from the first. */
export function timelineOf(task: TaskHistory, run: RunContext): string[] {
  const own = [
    ...task.submits.flatMap(submitEntries),
    ...task.operations.flatMap(operationEntries),
    ...task.steps.map((step) => stepEntry(step, run)),
    ...task.deliveries.flatMap(deliveryEntries),
  ].toSorted((a, b) => a.at - b.at);
  const [first, last] = [own.at(0), own.at(-1)];
  if (first === undefined || last === undefined) return [];
  const faults = run.faults
    .filter(({ from, until }) => from <= last.at && until >= first.at)
    .flatMap((fault) => faultEntries(fault));
  return [...own, ...faults]
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, text }) => `${clockTime(at)}  ${((at - first.at) / 1000).toFixed(3).padStart(9)}  ${text}`);
}

/** How long the timeline would be, without its faults. */
export function eventsOf({ submits, operations, steps, deliveries }: TaskHistory): number {
  return submits.length + operations.length + steps.length + deliveries.length;
}

function submitEntries({ submit, answer }: SubmitCall): Entry[] {
  const identity = submit.id ?? submit.idempotencyKey ?? 'no identity';
  const asked = `${submit.method} ${submit.path}, plan ${submit.plan}, at most ${submit.retry.maxAttempts} attempts`;
  return [
    { at: submit.at, text: `producer  submits to ${submit.recorder} (${identity}; ${asked})` },
    ...(answer === undefined
      ? []
      : [{ at: answer.at, text: `producer  is answered ${answer.status ?? answer.error ?? 'nothing'}` }]),
  ];
}

function operationEntries({ operate, answer }: OperationCall): Entry[] {
  const { operation } = operate;
  return [
    { at: operate.at, text: `operator  asks for ${operation}` },
    ...(answer === undefined
      ? []
      : [
          {
            at: answer.at,
            text: `operator  is answered ${answer.status ?? answer.error ?? 'nothing'} to ${operation}, ${answer.state ?? ''}`,
          },
        ]),
  ];
}

function stepEntry({ at, event, before, after, ended, changes }: Step, run: RunContext): Entry {
  const how = ended === undefined ? '' : ` (${ended.status ?? ended.errorCode ?? 'no status'})`;
  const change = `${describe(before, run)} → ${describe(after, run)}`;
  return { at, text: `database  ${event}${how}: ${change}  [transaction ${changes[0]?.transaction}]` };
}

function describe(row: TransitionRow | undefined, run: RunContext): string {
  if (row === undefined) return 'nothing';
  const { state, reason, attempt, attemptsUsed, dueAt, lease, leaseUntil, scheduler, cancelRequestedAt } =
    row;
  return [
    state,
    reason,
    `attempt ${attempt}`,
    `used ${attemptsUsed}`,
    state === 'pending' && dueAt !== undefined ? `due ${clockTime(dueAt)}` : '',
    lease === undefined ? '' : `lease ${lease} of ${run.schedulerName(scheduler ?? '')}`,
    leaseUntil === undefined ? '' : `until ${clockTime(leaseUntil)}`,
    cancelRequestedAt === undefined ? '' : 'cancel requested',
  ]
    .filter(Boolean)
    .join(' ');
}

function deliveryEntries({ received, answered }: Delivery): Entry[] {
  const which = `attempt ${received.attempt}`;
  return [
    { at: received.at, text: `target    receives ${which} (exchange ${received.exchange})` },
    ...(answered === undefined
      ? []
      : [
          {
            at: answered.at,
            text: `target    ${answered.how} ${answered.status ?? 'without a status'}, ${which}`,
          },
        ]),
  ];
}

function faultEntries({ name, victim, from, until, detail }: Fault): Entry[] {
  const what = `FAULT     ${name} of ${victim}${detail === undefined ? '' : ` (${detail})`}`;
  return [
    { at: from, text: `${what} begins` },
    { at: until, text: `${what} is over` },
  ];
}
