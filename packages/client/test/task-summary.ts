import type { Problem, ProblemName, TaskSummary } from '@dispatchr/contract';
import { PROBLEMS } from '@dispatchr/contract';

/** A task as a recorder answers with it. */
export function taskSummary(members: Partial<TaskSummary> = {}): TaskSummary {
  return {
    id: 'order-1842:receipt',
    state: 'pending',
    target: 'http://127.0.0.1:8000/tasks',
    taskName: 'send-receipt',
    queue: 'default',
    flowKey: 'http://127.0.0.1:8000',
    priority: 0,
    dueAt: '2026-11-22T14:50:00.000Z',
    timeoutMs: 30_000,
    retry: {
      maxAttempts: 100,
      minBackoffMs: 2000,
      maxBackoffMs: 3_600_000,
      multiplier: 2,
      jitter: 0.2,
      retryOn: [],
      failOn: [],
    },
    createdAt: '2026-11-22T14:50:00.000Z',
    attempt: 0,
    attemptsUsed: 0,
    ...members,
  };
}

/** A problem of the catalogue as an answer. */
export function problemAnswer(
  name: ProblemName,
  members: Partial<Problem> = {},
  headers: Record<string, string> = {},
): Response {
  const { type, title, status } = PROBLEMS[name];
  return new Response(JSON.stringify({ type, title, status, ...members }), {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
  });
}
