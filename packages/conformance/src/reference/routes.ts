import type { MutantId } from '../selftest/mutants/index.ts';
import { invalidRequest, Problem } from './problems.ts';
import type { Settings } from './settings.ts';

const PAGE = ['limit', 'cursor'];

const QUEUE = queuePath();
const SCHEDULE = schedulePath();

/** The operations: method, path, the query parameters they take, and whether they take a body. */
const OPERATIONS = {
  getLiveness: { method: 'GET', path: /^\/livez$/ },
  getHealth: { method: 'GET', path: /^\/health$/ },
  getDiscovery: { method: 'GET', path: /^\/\.well-known\/dispatchr$/ },
  getOpenApiJson: { method: 'GET', path: /^\/openapi\.json$/ },
  getOpenApiYaml: { method: 'GET', path: /^\/openapi\.yaml$/ },
  getDocs: { method: 'GET', path: /^\/docs$/ },
  submitTaskBatch: { method: 'POST', path: /^\/v1\/tasks\/batch$/, query: [], body: 'required' },
  submitTask: { method: 'POST', path: /^\/v1\/tasks$/, query: [], body: 'required' },
  listTasks: {
    method: 'GET',
    path: /^\/v1\/tasks$/,
    query: ['state', 'queue', 'flowKey', 'taskName', 'target', 'createdAfter', 'createdBefore', ...PAGE],
  },
  getTask: { method: 'GET', path: /^\/v1\/tasks\/([^/]+)$/, query: [] },
  deleteTask: { method: 'DELETE', path: /^\/v1\/tasks\/([^/]+)$/, query: [], body: 'optional' },
  listAttempts: { method: 'GET', path: /^\/v1\/tasks\/([^/]+)\/attempts$/, query: PAGE },
  cancelTask: { method: 'POST', path: /^\/v1\/tasks\/([^/]+)\/cancel$/, query: [], body: 'optional' },
  runTask: { method: 'POST', path: /^\/v1\/tasks\/([^/]+)\/run$/, query: [], body: 'optional' },
  retryTask: { method: 'POST', path: /^\/v1\/tasks\/([^/]+)\/retry$/, query: [], body: 'optional' },
  listQueues: { method: 'GET', path: /^\/v1\/queues$/, query: PAGE, feature: 'queues' },
  getQueue: { method: 'GET', path: QUEUE, query: [], feature: 'queues' },
  putQueue: { method: 'PUT', path: QUEUE, query: [], body: 'optional', feature: 'queues' },
  deleteQueue: { method: 'DELETE', path: QUEUE, query: [], body: 'optional', feature: 'queues' },
  pauseQueue: { method: 'POST', path: queuePath('pause'), query: [], body: 'optional', feature: 'queues' },
  resumeQueue: { method: 'POST', path: queuePath('resume'), query: [], body: 'optional', feature: 'queues' },
  purgeQueue: { method: 'POST', path: queuePath('purge'), query: [], body: 'optional', feature: 'queues' },
  listFlowKeys: { method: 'GET', path: queuePath('flow-keys'), query: PAGE, feature: 'flow-keys' },
  putFlowKey: {
    method: 'PUT',
    path: queuePath('flow-keys/([^/]+)'),
    query: [],
    body: 'optional',
    feature: 'flow-keys',
  },
  listTargets: {
    method: 'GET',
    path: /^\/v1\/targets$/,
    query: ['origin', ...PAGE],
    feature: 'target-health',
  },
  closeCircuit: {
    method: 'POST',
    path: /^\/v1\/targets\/close$/,
    query: [],
    body: 'optional',
    feature: 'target-health',
  },
  listSchedules: { method: 'GET', path: /^\/v1\/schedules$/, query: PAGE, feature: 'schedules' },
  getSchedule: { method: 'GET', path: SCHEDULE, query: [], feature: 'schedules' },
  putSchedule: { method: 'PUT', path: SCHEDULE, query: [], body: 'optional', feature: 'schedules' },
  deleteSchedule: { method: 'DELETE', path: SCHEDULE, query: [], body: 'optional', feature: 'schedules' },
  pauseSchedule: {
    method: 'POST',
    path: schedulePath('pause'),
    query: [],
    body: 'optional',
    feature: 'schedules',
  },
  resumeSchedule: {
    method: 'POST',
    path: schedulePath('resume'),
    query: [],
    body: 'optional',
    feature: 'schedules',
  },
  runSchedule: {
    method: 'POST',
    path: schedulePath('run'),
    query: [],
    body: 'optional',
    feature: 'schedules',
  },
} as const satisfies Record<string, OperationShape>;

interface OperationShape {
  readonly method: string;
  readonly path: RegExp;
  /** Left out where every parameter is ignored. */
  readonly query?: readonly string[];
  readonly body?: 'required' | 'optional';
  /** Served only with this feature. */
  readonly feature?: string;
}

export type OperationName = keyof typeof OPERATIONS;

/** The operation that a request asks for. */
export interface Route extends OperationShape {
  readonly name: OperationName;
  /** The id in the path, decoded; empty if it cannot be, or there is none. */
  readonly id: string;
  /** The second name in the path, decoded. */
  readonly second: string;
}

/** Finds the operation; throws `route-not-found` or `method-not-allowed`. Spec: PRB-012, PRB-013, PRB-018, PRB-021. */
export function routeOf(method: string, path: string, { mutants, variants }: Settings): Route {
  const served = (Object.keys(OPERATIONS) as OperationName[])
    .filter((name) => OPERATIONS[name].path.test(path))
    .slice(0, path.endsWith('/tasks/batch') && mutants.has('batch-is-no-id') ? 1 : undefined);
  if (served.length === 0 && mutants.has('unknown-path-405'))
    throw new Problem('method-not-allowed', `expected none, got ${method}`, {}, { Allow: 'GET' });
  if (method === 'HEAD' && mutants.has('head-answers-404'))
    throw new Problem('route-not-found', 'nothing is served at this path');
  if (served.length === 0) throw new Problem('route-not-found', 'nothing is served at this path');
  const head = method === 'HEAD' && !variants.has('head-not-served');
  const name = served.find((each) => OPERATIONS[each].method === (head ? 'GET' : method));
  if (name !== undefined) {
    const shape: OperationShape = OPERATIONS[name];
    const [, segment = '', second = ''] = shape.path.exec(path) ?? [];
    const isPartly = mutants.has('path-id-decoded-in-part');
    const id = isPartly ? segment.replaceAll('%3A', ':') : decoded(segment, mutants);
    return { ...shape, name, id, second: decoded(second, mutants) };
  }
  if (mutants.has('method-not-allowed-404')) throw new Problem('route-not-found', 'nothing is served here');
  const methods = served.map((each) => OPERATIONS[each].method as string);
  if (methods.includes('GET') && !variants.has('head-not-served')) methods.push('HEAD');
  const Allow = methods.join(', ');
  throw new Problem('method-not-allowed', `expected ${methods.join(' or ')}, got ${method}`, {}, { Allow });
}

function queuePath(rest?: string): RegExp {
  return new RegExp(`^/v1/queues/([^/]+)${rest === undefined ? '' : `/${rest}`}$`);
}

function schedulePath(rest?: string): RegExp {
  return new RegExp(`^/v1/schedules/([^/]+)${rest === undefined ? '' : `/${rest}`}$`);
}

function decoded(segment: string, mutants: ReadonlySet<MutantId>): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    if (mutants.has('bad-encoding-400'))
      throw invalidRequest([{ parameter: 'id', detail: 'expected UTF-8, got other bytes' }]);
    return '';
  }
}
