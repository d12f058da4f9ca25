import type { Delivery } from './delivery.ts';

/** What happens to a handler's error if nobody says otherwise: without this it would be lost, as no answer shows it. */
export function reportError(error: unknown, { taskName, taskId, attempt }: Delivery): void {
  // oxlint-disable-next-line no-console -- the option onError takes its place
  console.error(`task ${taskName} ${taskId}, attempt ${attempt}:`, error);
}
