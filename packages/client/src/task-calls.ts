import type { Discovery, Task, TaskSummary } from '@dispatchr/contract';
import type { DispatchrClient } from './dispatchr-client.ts';
import type { MakeCall } from './requests/call.ts';
import type { RecorderApi } from './requests/recorder-api.ts';
import type { CallOptions } from './submission.ts';

/** The calls that read or operate one task, and discovery. */
export function createTaskCalls(
  api: RecorderApi,
  makeCall: MakeCall,
): Pick<DispatchrClient, 'get' | 'cancel' | 'run' | 'retry' | 'delete' | 'discovery'> {
  const operate = (operation: 'cancel' | 'run' | 'retry', repeatable: boolean) => {
    const path = `/v1/tasks/{id}/${operation}` as const;
    return (id: string, { signal }: CallOptions = {}) =>
      makeCall<TaskSummary>({
        request: `POST ${pathOf(id)}/${operation}`,
        repeatable,
        signal,
        send: (trySignal) => api.POST(path, { params: { path: { id } }, signal: trySignal }),
      });
  };
  return {
    cancel: operate('cancel', true),
    run: operate('run', false),
    retry: operate('retry', false),
    get: (id, { signal } = {}) =>
      makeCall<Task>({
        request: `GET ${pathOf(id)}`,
        repeatable: true,
        signal,
        send: (trySignal) => api.GET('/v1/tasks/{id}', { params: { path: { id } }, signal: trySignal }),
      }),
    delete: async (id, { signal } = {}) => {
      await makeCall<undefined>({
        request: `DELETE ${pathOf(id)}`,
        repeatable: false,
        signal,
        send: (trySignal) => api.DELETE('/v1/tasks/{id}', { params: { path: { id } }, signal: trySignal }),
      });
    },
    discovery: ({ signal } = {}) =>
      makeCall<Discovery>({
        request: 'GET /.well-known/dispatchr',
        repeatable: true,
        signal,
        send: (trySignal) => api.GET('/.well-known/dispatchr', { signal: trySignal }),
      }),
  };
}

function pathOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}
