import type { Attempt, Task, TaskSubmission, TaskSummary } from '@dispatchr/contract';

/** The few calls that tests of a whole service make. */
export interface ApiClient {
  /** Submits a task and answers with it; throws unless the answer is 201 or 200. */
  submit(task: Partial<TaskSubmission>): Promise<TaskSummary>;
  task(id: string): Promise<Task>;
  attempts(id: string): Promise<Attempt[]>;
  /** Waits until the task is in one of the states, looking every 50 ms; throws after `timeoutMs`. */
  until(id: string, states: readonly string[], timeoutMs?: number): Promise<Task>;
}

/** Calls the API at a URL. */
export function createApiClient(url: string): ApiClient {
  const call = async <T>(path: string, body?: unknown): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/v1/tasks${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`expected success of ${path}, got ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const client: ApiClient = {
    submit: (task) => call('', { taskName: 'test', taskArgs: null, ...task }),
    task: (id) => call(`/${id}`),
    attempts: async (id) => (await call<{ attempts: Attempt[] }>(`/${id}/attempts`)).attempts,
    async until(id, states, timeoutMs = 60_000) {
      const giveUpAt = performance.now() + timeoutMs;
      for (;;) {
        const task = await client.task(id);
        if (states.includes(task.state)) return task;
        if (performance.now() > giveUpAt)
          throw new Error(`expected ${states.join('|')}, got ${task.state}: ${id}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
  return client;
}
