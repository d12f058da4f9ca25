import type { TaskSummary } from '@dispatchr/contract';
import { expect, test } from 'vitest';
import type {
  OperationAnswer,
  OperationHandler,
  OperationHandlers,
  OperationRequest,
} from './operation-types.ts';
import { problem } from './problems.ts';

// `tsc -b` is what runs these: an @ts-expect-error that nothing needs does not compile.
declare const summary: TaskSummary;
declare const handlers: OperationHandlers;

const handlersThatFit = (): [
  OperationHandler<'submitTask'>,
  OperationHandler<'getTask'>,
  OperationHandler<'deleteTask'>,
] => [
  async () => ({ status: 201, headers: { Location: '/v1/tasks/a' }, body: summary }),
  async () => problem('task-not-found'),
  async () => ({ status: 204 }),
];

const handlersThatDrift = () => {
  // @ts-expect-error 202 is no status of submitTask
  const wrongStatus: OperationHandler<'submitTask'> = async () => ({
    status: 202,
    headers: { Location: '' },
    body: summary,
  });
  // @ts-expect-error 201 needs Location
  const missingHeaders: OperationHandler<'submitTask'> = async () => ({ status: 201, body: summary });
  // @ts-expect-error 201 needs Location, whatever other headers there are
  const otherHeader: OperationHandler<'submitTask'> = async () => ({
    status: 201,
    headers: { Link: '' },
    body: summary,
  });
  const extraMember: OperationHandler<'getHealth'> = async (): Promise<OperationAnswer<'getHealth'>> => {
    // @ts-expect-error a health has a status and nothing else
    return { status: 200, body: { status: 'ok', up: true } };
  };
  // @ts-expect-error a health has a status
  const missingMember: OperationHandler<'getHealth'> = async () => ({ status: 200, body: {} });
  // @ts-expect-error a page has a list of tasks
  const wrongMember: OperationHandler<'listTasks'> = async () => ({ status: 200, body: { tasks: 'none' } });
  // @ts-expect-error a task has more members than its id
  const incompleteItem: OperationHandler<'listTasks'> = async () => ({
    status: 200,
    body: { tasks: [{ id: 'a' }] },
  });
  // @ts-expect-error 200 of getTask has a body
  const missingBody: OperationHandler<'getTask'> = async () => ({ status: 200 });
  // @ts-expect-error 204 has no body
  const surplusBody: OperationHandler<'deleteTask'> = async () => ({ status: 204, body: summary });
  // @ts-expect-error listTasks never answers 404
  const wrongProblem: OperationHandler<'listTasks'> = async () => problem('task-not-found');
  const wrongParameter = ({ path }: OperationRequest<'getTask'>) =>
    // @ts-expect-error getTask has no such parameter
    path.name;
  const wrongBody = ({ body }: OperationRequest<'getTask'>) =>
    // @ts-expect-error getTask takes no body
    body.id;
  const { runTask: _runTask, ...others } = handlers;
  // @ts-expect-error runTask is missing
  const missingHandler: OperationHandlers = others;
  // @ts-expect-error an answer has one of the documented statuses
  const unknownStatus: OperationAnswer<'getLiveness'> = { status: 404, body: { status: 'ok' } };
  return [
    wrongStatus,
    missingHeaders,
    otherHeader,
    extraMember,
    missingMember,
    wrongMember,
    incompleteItem,
    missingBody,
    surplusBody,
    wrongProblem,
    wrongParameter,
    wrongBody,
    missingHandler,
    unknownStatus,
  ];
};

test('handlers that follow the specification compile, and those that drift from it do not', () => {
  expect(handlersThatFit()).toHaveLength(3);
  expect(handlersThatDrift).toBeTypeOf('function');
});
