import { resolveOptions } from './client-options.ts';
import type { ClientOptions } from './client-options.ts';
import type { DispatchrClient } from './dispatchr-client.ts';
import { systemEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { createListCalls } from './list-calls.ts';
import { createCalls } from './requests/call.ts';
import { openRecorderApi } from './requests/recorder-api.ts';
import { createScheduleCalls } from './schedule-calls.ts';
import { submitTask, submitTaskBatch } from './submit.ts';
import { createTaskCalls } from './task-calls.ts';
import { waitForTask } from './wait-for-task.ts';

/** Makes a client of the recorder at `url`; nothing is sent yet. Throws a `TypeError` that names an option which is not valid. */
export function createClient(options: ClientOptions = {}): DispatchrClient {
  return createClientIn(systemEnvironment, options);
}

/** `createClient` with clocks, chance and timers of the caller's. */
export function createClientIn(environment: Environment, options: ClientOptions): DispatchrClient {
  const resolved = resolveOptions(options);
  const api = openRecorderApi(resolved);
  const makeCall = createCalls(resolved, environment);
  const calls = createTaskCalls(api, makeCall);
  return {
    ...calls,
    ...createListCalls(api, makeCall),
    schedules: createScheduleCalls(api, makeCall),
    submit: async (task, submitOptions = {}) => submitTask(api, makeCall, task, submitOptions),
    submitBatch: async (tasks, callOptions = {}) => submitTaskBatch(api, makeCall, tasks, callOptions),
    wait: (id, waitOptions = {}) => {
      const { signal } = waitOptions;
      return waitForTask(environment, () => calls.get(id, signal ? { signal } : {}), waitOptions);
    },
  };
}
