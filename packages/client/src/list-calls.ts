import type { AttemptPage, QueuePage, TargetPage, TaskPage } from '@dispatchr/contract';
import type { DispatchrClient } from './dispatchr-client.ts';
import { createList } from './list.ts';
import type { Page } from './list.ts';
import type { Call, MakeCall } from './requests/call.ts';
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
      return createList(async (cursor) => {
        const query = { ...filter, ...instants, ...from(cursor) };
        const send: Call['send'] = (trySignal) =>
          api.GET('/v1/tasks', { params: { query }, signal: trySignal });
        const { tasks, nextCursor } = await makeCall<TaskPage>(read('/v1/tasks', signal, send));
        return page(tasks, nextCursor);
      });
    },
    attempts: (id, { signal, ...options } = {}) =>
      createList(async (cursor) => {
        const params = { path: { id }, query: { ...options, ...from(cursor) } };
        const send: Call['send'] = (trySignal) =>
          api.GET('/v1/tasks/{id}/attempts', { params, signal: trySignal });
        const path = `/v1/tasks/${encodeURIComponent(id)}/attempts`;
        const { attempts, nextCursor } = await makeCall<AttemptPage>(read(path, signal, send));
        return page(attempts, nextCursor);
      }),
    queues: ({ signal, ...options } = {}) =>
      createList(async (cursor) => {
        const query = { ...options, ...from(cursor) };
        const send: Call['send'] = (trySignal) =>
          api.GET('/v1/queues', { params: { query }, signal: trySignal });
        const { queues, nextCursor } = await makeCall<QueuePage>(read('/v1/queues', signal, send));
        return page(queues, nextCursor);
      }),
    targets: ({ signal, ...options } = {}) =>
      createList(async (cursor) => {
        const query = { ...options, ...from(cursor) };
        const send: Call['send'] = (trySignal) =>
          api.GET('/v1/targets', { params: { query }, signal: trySignal });
        const { targets, nextCursor } = await makeCall<TargetPage>(read('/v1/targets', signal, send));
        return page(targets, nextCursor);
      }),
  };
}

function read(path: string, signal: AbortSignal | undefined, send: Call['send']): Call {
  return { request: `GET ${path}`, repeatable: true, signal, send };
}

function from(cursor: string | undefined): { cursor?: string } {
  return cursor === undefined ? {} : { cursor };
}

function page<Item>(items: Item[], nextCursor: string | undefined): Page<Item> {
  return nextCursor === undefined ? { items } : { items, nextCursor };
}

/** The filter as text, or nothing if it is left out. */
function instant<Name extends string>(
  name: Name,
  value: string | Date | undefined,
): { [name in Name]?: string } {
  const text = value instanceof Date ? value.toISOString() : value;
  return text === undefined ? {} : ({ [name]: text } as { [name in Name]: string });
}
