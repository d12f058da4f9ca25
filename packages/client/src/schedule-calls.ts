import type { Schedule, SchedulePage, TaskSummary } from '@dispatchr/contract';
import { DispatchrError } from './errors/dispatchr-error.ts';
import type { MakeCall } from './requests/call.ts';
import { jsonText } from './requests/json-text.ts';
import { readList } from './requests/read-list.ts';
import type { RecorderApi } from './requests/recorder-api.ts';
import type { Schedules } from './schedules.ts';
import type { CallOptions } from './submission.ts';

const PATH = '/v1/schedules/{schedule}';

/** The calls on schedules. */
export function createScheduleCalls(api: RecorderApi, makeCall: MakeCall): Schedules {
  const operate = <Result>(operation: 'pause' | 'resume' | 'run', repeatable: boolean) => {
    return (name: string, { signal }: CallOptions = {}) =>
      makeCall<Result>({
        request: `POST ${pathOf(name)}/${operation}`,
        repeatable,
        signal,
        send: (trySignal) => api.POST(`${PATH}/${operation}`, { ...paramsOf(name), signal: trySignal }),
      });
  };
  return {
    list: ({ signal, ...options } = {}) =>
      readList(makeCall, {
        path: '/v1/schedules',
        signal,
        send: (from, trySignal) =>
          api.GET('/v1/schedules', { params: { query: { ...options, ...from } }, signal: trySignal }),
        itemsOf: ({ schedules }: SchedulePage) => schedules,
      }),
    get: (name, { signal } = {}) =>
      makeCall<Schedule>({
        request: `GET ${pathOf(name)}`,
        repeatable: true,
        signal,
        send: (trySignal) => api.GET(PATH, { ...paramsOf(name), signal: trySignal }),
      }),
    put: async (name, settings, { signal } = {}) => {
      // Serialised once, so that settings which are changed meanwhile are still the same in each try.
      const text = jsonText(settings);
      return makeCall<Schedule>({
        request: `PUT ${pathOf(name)}`,
        repeatable: true,
        signal,
        send: (trySignal) =>
          api.PUT(PATH, {
            ...paramsOf(name),
            body: settings,
            bodySerializer: () => text,
            signal: trySignal,
          }),
      });
    },
    pause: operate<Schedule>('pause', true),
    resume: operate<Schedule>('resume', true),
    run: operate<TaskSummary>('run', false),
    delete: (name, options = {}) => deleteSchedule(api, makeCall, name, options),
  };
}

/** A try whose answer is lost may have deleted the schedule, which the next try then does not find. */
async function deleteSchedule(
  api: RecorderApi,
  makeCall: MakeCall,
  name: string,
  { signal }: CallOptions,
): Promise<void> {
  let tries = 0;
  try {
    await makeCall<undefined>({
      request: `DELETE ${pathOf(name)}`,
      repeatable: true,
      signal,
      send: (trySignal) => {
        tries += 1;
        return api.DELETE(PATH, { ...paramsOf(name), signal: trySignal });
      },
    });
  } catch (error) {
    const isGone = error instanceof DispatchrError && error.problem === 'schedule-not-found';
    if (tries === 1 || !isGone) throw error;
  }
}

function paramsOf(name: string): { params: { path: { schedule: string } } } {
  return { params: { path: { schedule: name } } };
}

function pathOf(name: string): string {
  return `/v1/schedules/${encodeURIComponent(name)}`;
}
