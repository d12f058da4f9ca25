import { Counts, seconds, spread, type CreateFigure } from '../figure.ts';
import { isSuccess, lastRow, type TaskHistory } from '../task-history.ts';

/** What was asked, recorded, delivered, and how it ended. */
export const taskFigures: CreateFigure = () => {
  const counts = new Counts();
  const acknowledgedMs: number[] = [];
  return {
    collect(task) {
      counts.add(submitKind(task));
      if (task.recorded !== undefined) counts.add(`recorded, ${endOf(task)}`);
      if (task.deliveries.length > 0) counts.add('tasks delivered');
      counts.add('deliveries', task.deliveries.length);
      for (const { end } of task.attempts) counts.add(`attempts ended ${end?.ended?.outcome ?? 'never'}`);
      for (const { operate, answer } of task.operations)
        counts.add(`${operate.operation} answered ${answer?.status ?? 'not at all'}`);
      for (const { submit, answer } of task.submits)
        if (answer !== undefined && isSuccess(answer.status)) acknowledgedMs.push(answer.at - submit.at);
    },
    table() {
      const slowestMs = acknowledgedMs.reduce((most, ms) => Math.max(most, ms), 0);
      return {
        title: 'tasks',
        lines: [
          ...counts.entries().toSorted(([a], [b]) => (a < b ? -1 : 1)),
          ['acknowledged within', spread(acknowledgedMs)],
          ['slowest acknowledgement', seconds(slowestMs)],
        ],
      };
    },
  };
};

function submitKind({ submits }: TaskHistory): string {
  if (submits.some(({ answer }) => isSuccess(answer?.status))) return 'submitted: acknowledged';
  const isUnknown = submits.some(({ answer }) => answer?.status === undefined || answer.status >= 500);
  return isUnknown ? 'submitted: unknown' : 'submitted: refused';
}

function endOf(task: TaskHistory): string {
  const last = lastRow(task);
  return last === undefined ? 'gone' : [last.state, last.reason].filter(Boolean).join(' ');
}
