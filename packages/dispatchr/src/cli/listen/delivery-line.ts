import { clockTimeExactly } from '../show/durations.ts';
import { escapeControls } from '../show/escape-controls.ts';
import { paint } from '../show/output-style.ts';
import type { OutputStyle } from '../show/output-style.ts';
import type { ReceivedDelivery } from './received-delivery.ts';

/** Longer content is cut; `--json` has all of it. */
const MOST_CHARACTERS = 200;

/** A delivery on one line for a person. */
export function deliveryLine(delivery: ReceivedDelivery, style: OutputStyle): string {
  const { method, path, taskId, taskName, queue, attempt, attemptsLeft, signature, status } = delivery;
  const content = delivery.body ?? JSON.stringify(delivery.taskArgs);
  const words = [
    taskId ?? 'not a delivery: it has no Dispatchr-Task-Id',
    taskName,
    queue && `queue ${queue}`,
    attempt && `attempt ${attempt}, ${attemptsLeft ?? '?'} left`,
    `signature ${signature}`,
    content === undefined ? undefined : shorten(content),
  ].filter((word) => word !== undefined && word !== '');
  const time = paint(clockTimeExactly(Date.parse(delivery.at)), 'dim', style);
  const answered = paint(String(status), status < 300 ? 'green' : 'red', style);
  return [
    time,
    escapeControls(`${method} ${path}`),
    answered,
    ...words.map((word) => escapeControls(String(word))),
  ].join('  ');
}

function shorten(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
