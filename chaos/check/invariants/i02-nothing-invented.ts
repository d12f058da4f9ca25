import { CLOCK_SLACK_MS, type Invariant } from '../invariant.ts';
import { isSuccess, type Delivery, type TaskHistory } from '../task-history.ts';

/** I2: what arrives was submitted, byte for byte. Spec: DUR-004, DLV-015, REC-004. */
export const nothingInvented: Invariant = {
  name: 'I2',
  sentence: 'nothing is invented: every delivery was submitted, byte-identical',
  violationsOf(task) {
    if (task.submits.length === 0 && (task.recorded !== undefined || task.deliveries.length > 0))
      return ['nobody submitted it'];
    return [
      ...refusedAndRecorded(task),
      ...task.deliveries.flatMap((delivery) => differences(task, delivery)),
    ];
  },
};

function refusedAndRecorded({ submits, recorded }: TaskHistory): string[] {
  const isRefused = submits.every(
    ({ answer }) => answer?.status !== undefined && isClientError(answer.status),
  );
  return isRefused && recorded !== undefined ? ['every submit was refused, and yet it is recorded'] : [];
}

function isClientError(status: number): boolean {
  return status >= 400 && status <= 499;
}

function differences(task: TaskHistory, { received }: Delivery): string[] {
  const which = `delivery of attempt ${received.attempt}`;
  if (task.recorded === undefined) return [`${which}, and the task is not recorded`];
  const [first] = task.submits;
  if (first === undefined) return [];
  const { submit } = first;
  const found: string[] = [];
  const compare = (what: string, expected: unknown, got: unknown): void => {
    if (expected !== got) found.push(`${which}: expected ${what} ${String(expected)}, got ${String(got)}`);
  };
  compare('method', submit.method, received.method);
  compare('path', submit.path, received.path);
  compare('body', submit.bodySha256, received.bodySha256);
  compare('a valid signature', true, received.signatureIsValid);
  compare('task id', idOf(task), received.taskId);
  if (received.at + CLOCK_SLACK_MS < submit.at) found.push(`${which}: before the submit was sent`);
  return found;
}

/** By the database; and by the answer if the log of transitions shows no ids. */
function idOf({ recorded, submits }: TaskHistory): string | undefined {
  return recorded?.row.id ?? submits.find(({ answer }) => isSuccess(answer?.status))?.answer?.taskId;
}
