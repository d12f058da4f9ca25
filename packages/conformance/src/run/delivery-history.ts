import type { Answer, AnswerParts, Delivery } from '../receiver/delivery.ts';

/** One delivery of a run, and whether it was answered with a 2xx that leaves no doubt. */
export interface NotedDelivery {
  readonly check: string;
  readonly taskId: string;
  readonly attempt: string;
  readonly url: string;
  readonly isPlain2xx: boolean;
}

/** Every delivery of a run, by task, in the order of arriving. */
export class DeliveryHistory {
  readonly #byTask = new Map<string, NotedDelivery[]>();

  /** How many tasks were delivered at least once. */
  get tasks(): number {
    return this.#byTask.size;
  }

  note(check: string, delivery: Delivery, answer: Answer | undefined): void {
    const taskId = delivery.header('dispatchr-task-id');
    if (taskId === undefined) return;
    const noted = this.#byTask.get(taskId) ?? [];
    const attempt = delivery.header('dispatchr-attempt') ?? '';
    noted.push({ check, taskId, attempt, url: delivery.path, isPlain2xx: isPlain2xx(answer) });
    this.#byTask.set(taskId, noted);
  }

  /** Each delivery that was answered with a plain 2xx, and the one of the same task that came after it. */
  afterA2xx(): readonly (readonly [answered: NotedDelivery, again: NotedDelivery])[] {
    return [...this.#byTask.values()].flatMap((noted) => {
      const at = noted.findIndex(({ isPlain2xx: isAnswered }) => isAnswered);
      const answered = noted[at];
      const again = noted[at + 1];
      return answered === undefined || again === undefined ? [] : [[answered, again] as const];
    });
  }
}

// Other headers and delays may make something else of it: a time-out, contradictory lengths.
function isPlain2xx(answer: Answer | undefined): boolean {
  if (typeof answer === 'function' || answer === undefined) return false;
  const { status, headers, afterMs }: AnswerParts = typeof answer === 'number' ? { status: answer } : answer;
  return status >= 200 && status < 300 && headers === undefined && afterMs === undefined;
}
