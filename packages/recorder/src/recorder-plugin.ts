import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { createAuthentication } from './authenticate.ts';
import { handleErrors, sendRouteNotFound } from './handle-errors.ts';
import { acceptStrictJson } from './json-body.ts';
import { mountOperations } from './mount-operations.ts';
import type { MountOptions } from './mount-operations.ts';
import { resolveRecorderOptions } from './recorder-options.ts';
import type { RecorderContext, RecorderOptions } from './recorder-options.ts';
import { cancelTask } from './routes/cancel-task.ts';
import { closeCircuit } from './routes/close-circuit.ts';
import { deleteQueue } from './routes/delete-queue.ts';
import { deleteSchedule } from './routes/delete-schedule.ts';
import { deleteTask } from './routes/delete-task.ts';
import { getDiscovery } from './routes/get-discovery.ts';
import { getHealth } from './routes/get-health.ts';
import { getLiveness } from './routes/get-liveness.ts';
import { getOpenApiJson, getOpenApiYaml } from './routes/get-openapi.ts';
import { getQueue } from './routes/get-queue.ts';
import { getSchedule } from './routes/get-schedule.ts';
import { getTask } from './routes/get-task.ts';
import { listAttempts } from './routes/list-attempts.ts';
import { listFlowKeys } from './routes/list-flow-keys.ts';
import { listQueues } from './routes/list-queues.ts';
import { listSchedules } from './routes/list-schedules.ts';
import { listTargets } from './routes/list-targets.ts';
import { listTasks } from './routes/list-tasks.ts';
import { pauseQueue } from './routes/pause-queue.ts';
import { pauseSchedule } from './routes/pause-schedule.ts';
import { purgeQueue } from './routes/purge-queue.ts';
import { putFlowKey } from './routes/put-flow-key.ts';
import { putQueue } from './routes/put-queue.ts';
import { putSchedule } from './routes/put-schedule.ts';
import { resumeQueue } from './routes/resume-queue.ts';
import { resumeSchedule } from './routes/resume-schedule.ts';
import { retryTask } from './routes/retry-task.ts';
import { runSchedule } from './routes/run-schedule.ts';
import { runTask } from './routes/run-task.ts';
import { submitTaskBatch } from './routes/submit-task-batch.ts';
import { submitTask } from './routes/submit-task.ts';
import { serveDocs } from './serve-docs.ts';
import { checkBatch } from './validation/check-batch.ts';
import { checkOriginMember } from './validation/check-origin.ts';
import { checkQueueUpdate } from './validation/check-queue-update.ts';
import { checkSchedulePut } from './validation/check-schedule-put.ts';
import { checkSubmission } from './validation/check-submission.ts';

/**
 * Makes a Fastify plugin that serves the Recorder API inside any app, under any prefix. Body parsing, error
 * handling and 404 stay inside it. Throws a TypeError or RangeError for options that are not valid.
 */
export function createRecorder(options: RecorderOptions): FastifyPluginAsync {
  return createRecorderUntil(options, new AbortController().signal);
}

/** The same; nobody is kept waiting once `ending` aborts, which a server may do before the app closes. */
export function createRecorderUntil(options: RecorderOptions, ending: AbortSignal): FastifyPluginAsync {
  const resolved = resolveRecorderOptions(options);
  return async (instance) => {
    const context = {
      ...resolved,
      prefix: instance.prefix,
      limits: fitIdLength(resolved.limits, instance),
      closing: AbortSignal.any([ending, signalOfClosing(instance)]),
    };
    acceptStrictJson(instance, context.limits);
    handleErrors(instance);
    // At the root the host's own 404 handler answers: Fastify has one for a prefix.
    if (instance.prefix !== '') instance.setNotFoundHandler(sendRouteNotFound);
    mountOperations(instance, mountOptionsOf(context));
    await serveDocs(instance);
  };
}

function mountOptionsOf(context: RecorderContext): MountOptions {
  return {
    handlers: handlersOf(context),
    authenticate: createAuthentication(context.token),
    bodyLimitOf: (id) =>
      id === 'submitTaskBatch' ? context.limits.maxBatchBytes : context.limits.maxTaskBytes,
    bodyChecks: {
      submitTask: (body, errors) => (isObject(body) ? checkSubmission(body, errors, context) : []),
      closeCircuit: checkOriginMember,
      putQueue: (body, errors) => (isObject(body) ? checkQueueUpdate(body, errors, context.limits) : []),
      putSchedule: (body, errors) => (isObject(body) ? checkSchedulePut(body, errors, context) : []),
      submitTaskBatch: (body, errors) => checkBatch(body, errors, context),
    },
  };
}

function handlersOf(context: RecorderContext): MountOptions['handlers'] {
  return {
    submitTask: submitTask(context),
    submitTaskBatch: submitTaskBatch(context),
    listTasks: listTasks(context),
    getTask: getTask(context),
    listAttempts: listAttempts(context),
    cancelTask: cancelTask(context),
    runTask: runTask(context),
    retryTask: retryTask(context),
    deleteTask: deleteTask(context),
    ...queueHandlersOf(context),
    ...scheduleHandlersOf(context),
    listTargets: listTargets(context),
    closeCircuit: closeCircuit(context),
    getHealth: getHealth(context),
    getLiveness: getLiveness(),
    getDiscovery: getDiscovery(context),
    getOpenApiJson: getOpenApiJson(),
    getOpenApiYaml: getOpenApiYaml(),
  };
}

function queueHandlersOf(context: RecorderContext) {
  return {
    listQueues: listQueues(context),
    getQueue: getQueue(context),
    putQueue: putQueue(context),
    pauseQueue: pauseQueue(context),
    resumeQueue: resumeQueue(context),
    purgeQueue: purgeQueue(context),
    deleteQueue: deleteQueue(context),
    listFlowKeys: listFlowKeys(context),
    putFlowKey: putFlowKey(context),
  };
}

function scheduleHandlersOf(context: RecorderContext) {
  return {
    listSchedules: listSchedules(context),
    getSchedule: getSchedule(context),
    putSchedule: putSchedule(context),
    pauseSchedule: pauseSchedule(context),
    resumeSchedule: resumeSchedule(context),
    runSchedule: runSchedule(context),
    deleteSchedule: deleteSchedule(context),
  };
}

function signalOfClosing(instance: FastifyInstance): AbortSignal {
  const closing = new AbortController();
  instance.addHook('preClose', (done) => {
    closing.abort();
    done();
  });
  return closing.signal;
}

/** A host's router cuts parameters at its own `maxParamLength`: longer ids could be recorded but never read. */
function fitIdLength(
  limits: RecorderContext['limits'],
  instance: FastifyInstance,
): RecorderContext['limits'] {
  const { maxParamLength = 100 } = instance.initialConfig.routerOptions ?? {};
  if (maxParamLength >= limits.maxIdLength) return limits;
  instance.log.warn(
    `ids are limited to ${maxParamLength} characters by the option routerOptions.maxParamLength of Fastify`,
  );
  return { ...limits, maxIdLength: maxParamLength };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
