import type { Operate } from '../../events.ts';
import { CLOCK_SLACK_MS, clockTime, type Invariant } from '../invariant.ts';
import type { Step } from '../steps.ts';
import { isSuccess, type OperationCall, type TaskHistory } from '../task-history.ts';

/** What an operator was answered has happened, and nothing else has. Spec: DUR-005, CAN-001, CAN-002, CAN-011, CAN-014. */
export const operationsAreKept: Invariant = {
  name: 'operations',
  sentence: 'an acknowledged cancel, run or retry took effect before its answer, and none happens unasked',
  violationsOf(task) {
    return [...task.operations.flatMap((call) => withoutTrace(task, call)), ...unasked(task)];
  },
};

function withoutTrace({ steps }: TaskHistory, { operate, answer }: OperationCall): string[] {
  if (answer === undefined || !isSuccess(answer.status)) return [];
  const [from, until] = [operate.at - CLOCK_SLACK_MS, answer.at + CLOCK_SLACK_MS];
  const wasSo = steps.some((step, index) => {
    const nextAt = steps[index + 1]?.at ?? Infinity;
    const isThen = step.at <= until && nextAt >= from;
    return isThen && shows(operate.operation, step, from);
  });
  return wasSo
    ? []
    : [`a ${operate.operation} was answered ${answer.status} at ${clockTime(answer.at)} and left no trace`];
}

/** Whether the task, as the step left it, is what the operation makes of it. */
function shows(operation: Operate['operation'], { after, event, at }: Step, from: number): boolean {
  switch (operation) {
    case 'cancel':
      return after?.state === 'cancelled' || after?.cancelRequestedAt !== undefined;
    case 'run':
      return after?.state === 'pending';
    case 'retry':
      return event === 'retry' && at >= from;
  }
}

function unasked({ steps, operations }: TaskHistory): string[] {
  return (['cancel', 'run', 'retry'] as const).flatMap((operation) => {
    const askedAt = operations
      .filter(({ operate }) => operate.operation === operation)
      .map(({ operate }) => operate.at);
    return steps
      .filter(({ event }) => event === operation)
      .filter(({ at }, index) => {
        const asked = askedAt.filter((instant) => instant <= at + CLOCK_SLACK_MS).length;
        // A cancel or a run that is repeated writes the row again as it is; each retry is one of its own.
        return operation === 'retry' ? asked <= index : asked === 0;
      })
      .map(({ at }) => `a ${operation} at ${clockTime(at)} that nobody had asked for`);
  });
}
