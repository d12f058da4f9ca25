import type { AttemptPage, QueuePage, TargetPage, TaskPage } from '@dispatchr/contract';
import type { DispatchrClient } from './dispatchr-client.ts';
import type { MakeCall } from './requests/call.ts';
import { readList } from './requests/read-list.ts';
import type { RecorderApi } from './requests/recorder-api.ts';

/** The calls that list. */
export function createListCalls(
  api: RecorderApi,
  makeCall: MakeCall,
): Pick<DispatchrClient, 'list' | 'attempts' | 'queues' | 'targets'> {
  return {
    list: ({ createdAfter, createdBefore, ...filter } = {}, { signal } = {}) => {
      const instants = {
        ...instant('createdAfter', createdAfter),
        ...instant('createdBefore', createdBefore),
      };
      return readList(makeCall, {
        path: '/v1/tasks',
        signal,
        send: (from, trySignal) =>
          api.GET('/v1/tasks', {
            params: { query: { ...filter, ...instants, ...from } },
            signal: trySignal,
          }),
        itemsOf: ({ tasks }: TaskPage) => tasks,
      });
    },
    attempts: (id, { signal, ...options } = {}) =>
      readList(makeCall, {
        path: `/v1/tasks/${encodeURIComponent(id)}/attempts`,
        signal,
        send: (from, trySignal) =>
          api.GET('/v1/tasks/{id}/attempts', {
            params: { path: { id }, query: { ...options, ...from } },
            signal: trySignal,
          }),
        itemsOf: ({ attempts }: AttemptPage) => attempts,
      }),
    queues: ({ signal, ...options } = {}) =>
      readList(makeCall, {
        path: '/v1/queues',
        signal,
        send: (from, trySignal) =>
          api.GET('/v1/queues', { params: { query: { ...options, ...from } }, signal: trySignal }),
        itemsOf: ({ queues }: QueuePage) => queues,
      }),
    targets: ({ signal, ...options } = {}) =>
      readList(makeCall, {
        path: '/v1/targets',
        signal,
        send: (from, trySignal) =>
          api.GET('/v1/targets', { params: { query: { ...options, ...from } }, signal: trySignal }),
        itemsOf: ({ targets }: TargetPage) => targets,
      }),
  };
}

/** The filter as text, or nothing if it is left out. */
function instant<Name extends string>(
  name: Name,
  value: string | Date | undefined,
): { [name in Name]?: string } {
  const text = value instanceof Date ? value.toISOString() : value;
  return text === undefined ? {} : ({ [name]: text } as { [name in Name]: string });
}
