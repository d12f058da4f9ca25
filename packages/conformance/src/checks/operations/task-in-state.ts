import { held } from '../../receiver/held.ts';
import type { AnswerParts, Delivery } from '../../receiver/delivery.ts';
import type { Target } from '../../receiver/target.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';

/** A task that is running, because its target keeps its answer back. */
export interface RunningTask {
  readonly id: string;
  readonly target: Target;
  readonly delivery: Delivery;
  /** Lets the target answer. */
  readonly release: (answer: number | AnswerParts) => void;
}

/** Submits a task and waits until its target has it; the target answers when it is released. */
export async function runningTask(t: CheckContext, members: object = {}): Promise<RunningTask> {
  const { answer, release } = held();
  const target = await t.target(answer);
  const { id } = await t.submit(t.taskFor(target, { retry: t.retry(), ...members }));
  return { id, target, delivery: await t.delivery(target), release };
}

/** A task that is completed. */
export async function completedTask(t: CheckContext, members: object = {}): Promise<Json> {
  const { id } = await t.submit(t.taskFor(await t.target(200), members));
  return t.untilState(id, 'completed');
}

/** A task that failed because its target rejected it. */
export async function failedTask(t: CheckContext, members: object = {}): Promise<Json> {
  const { id } = await t.submit(t.taskFor(await t.target(422), members));
  return t.untilState(id, 'failed');
}

/** A task that was cancelled before it was due. */
export async function cancelledTask(t: CheckContext, members: object = {}): Promise<Json> {
  const { id } = await t.submit(t.parked(members));
  const response = await t.api.operate(id, 'cancel');
  t.status(t.mainRequirement, response, 200);
  return (await t.api.get(id)).json;
}

/** One task in each of the terminal states. */
export function terminalTasks(t: CheckContext): Promise<Json[]> {
  return Promise.all([completedTask(t), failedTask(t), cancelledTask(t)]);
}

/** The instant that a task shows, in milliseconds since 1970; `NaN` if it shows none. */
export function instantMs(text: unknown): number {
  return typeof text === 'string' ? Date.parse(text) : Number.NaN;
}

/** The implementation's present, so many milliseconds on, as an instant: `createdAt` of a task that is recorded for it. */
export async function instantIn(t: CheckContext, ms: number): Promise<string> {
  const { createdAt } = await t.submit(t.parked());
  return new Date(instantMs(createdAt) + ms).toISOString();
}
