/** Where the scheduler's lines go; pino and Fastify's logger fit. */
export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What every line about a task carries. */
export function taskDetails(task: { id: string; attempt: number }): { taskId: string; attempt: number } {
  return { taskId: task.id, attempt: task.attempt };
}
