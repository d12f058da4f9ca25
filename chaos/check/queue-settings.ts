import type { QueueCall, QueueSettings } from '../events.ts';
import type { Span } from './fault-effects.ts';
import type { RunContext } from './run-context.ts';
import { isSuccess } from './task-history.ts';

/** From the answer to a put until it counts everywhere, in milliseconds. Spec: QUE-012. */
const KNOWN_AFTER_MS = 1000;

/** For how long a call without an answer may still take effect, in milliseconds: longer than any deadline of a recorder. */
const MAYBE_DONE_WITHIN_MS = 30_000;

/**
 * What a setting of a queue may have been at some time of the span: several values around a change, and `initial` before the
 * first. A call counts from when it was asked, and what it replaced until a second after its answer.
 */
export function settingsWithin<Value>(
  run: RunContext,
  queue: string,
  settingOf: (settings: QueueSettings) => Value | undefined,
  initial: Value,
  span: Span,
): Value[] {
  const calls = run.queueCalls.filter((call) => call.queue === queue && mayCount(call));
  const puts = calls.flatMap((call) => {
    const value = settingOf(call.settings);
    return value === undefined ? [] : [{ call, value }];
  });
  const replacedAt = (from: number): number =>
    Math.min(
      ...puts
        .filter(({ call }) => call.from > from && isSuccess(call.status))
        .map(({ call }) => countsAt(call)),
    );
  const values = puts
    .filter(({ call }) => {
      const doneBy = isSuccess(call.status) ? call.from : call.from + MAYBE_DONE_WITHIN_MS;
      return call.from <= span.until && replacedAt(doneBy) >= span.from;
    })
    .map(({ value }) => value);
  return replacedAt(-Infinity) >= span.from ? [initial, ...values] : values;
}

/** A refused call changes nothing; one without an answer, or whose recorder failed, may. */
function mayCount({ status }: QueueCall): boolean {
  return status === undefined || isSuccess(status) || status >= 500;
}

function countsAt({ until = Infinity }: QueueCall): number {
  return until + KNOWN_AFTER_MS;
}
