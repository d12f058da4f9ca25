import { createTaskStore, type TaskStore } from '@dispatchr/store';
import type { Operation, Submission } from './history.ts';
import { createRandom, type Random } from './random.ts';
import { SimulatedConnections } from './simulated-network.ts';
import { SimulatedProcess } from './simulated-process.ts';
import { submissionOf, type TaskPlan } from './task-plans.ts';
import type { World } from './world.ts';

/** Producers and operators, who talk to the stores of two recorders. */
export interface Producers {
  /** Whether every task is acknowledged and every operation answered or given up. */
  isDone(): boolean;
  /** Submits a task now, though it was planned for later. */
  submitNow(plan: TaskPlan): void;
  cancel(id: string): void;
  killRecorder(which: number): void;
  /** The store of one of the recorders, by chance. */
  recorder(): TaskStore;
}

interface Recorder {
  readonly process: SimulatedProcess;
  readonly store: TaskStore;
}

/** How long a caller waits for a recorder, in milliseconds. */
const PATIENCE_MS = 15_000;

/** Starts the recorders, and the load that is planned. */
export function startProducers(world: World, plans: readonly TaskPlan[], seed: number): Producers {
  const { time } = world;
  const random = createRandom(seed, 'producers');
  const recorders = [0, 1].map((place) => superviseRecorder(world, place));
  let unacknowledged = plans.length;
  let operating = 0;

  const recorder = (): TaskStore => random.pick(recorders).current().store;
  const submit = (plan: TaskPlan, tries: number): void => {
    const task = submissionOf(plan, tries, world.database.nowMs());
    void ask(world, (store) => store.submitTask(task), recorder(), submissionLog(world, task)).then(
      (result) => {
        if (result === undefined) {
          time.in(random.between(100, 1500), () => submit(plan, tries + 1));
          return;
        }
        unacknowledged -= 1;
        const { id } = 'task' in result ? result.task : task;
        for (const afterMs of plan.operationsAfterMs) time.in(afterMs, () => void operate(id));
        if (plan.resubmits !== undefined) time.in(random.between(0, 20_000), () => resubmit(plan));
      },
    );
  };
  const resubmit = (plan: TaskPlan): void => {
    const content = plan.resubmits === 'same' ? 'asked' : 'another';
    const task = submissionOf(plan, 1000, world.database.nowMs(), content);
    if (task.fingerprint === undefined) return;
    void ask(world, (store) => store.submitTask(task), recorder(), submissionLog(world, task));
  };
  const operate = async (id: string, name?: Operation['name']): Promise<void> => {
    if (world.history.healedMs < Infinity) return;
    operating += 1;
    const chosen = name ?? (await fittingOperation(world, recorder(), id, random));
    if (chosen !== undefined) {
      const log = operationLog(world, chosen, id);
      const result = await ask(world, (store) => store[`${chosen}Task`](id), recorder(), log);
      if (chosen === 'cancel' && result?.kind === 'done' && random.chance(0.4))
        time.in(random.between(0, 8000), () => void operate(id));
    }
    operating -= 1;
  };
  for (const plan of plans)
    if (plan.submitAtMs !== undefined) time.in(plan.submitAtMs, () => submit(plan, 1));
  return {
    recorder,
    isDone: () => unacknowledged === 0 && operating === 0,
    submitNow: (plan) => submit(plan, 1),
    cancel: (id) => void operate(id, 'cancel'),
    killRecorder: (which) =>
      recorders
        .at(which % 2)!
        .current()
        .process.end(),
  };
}

function superviseRecorder(world: World, place: number): { current(): Recorder } {
  let generation = 0;
  let current: Recorder;
  const start = (): void => {
    generation += 1;
    const name = `recorder-${place}.${generation}`;
    const process = new SimulatedProcess(name, world.time, world.history, { rate: 1, wallAheadMs: 0 });
    process.onEnd(start);
    const connections = new SimulatedConnections(world, process);
    current = { process, store: createTaskStore(connections, { origin: name, ...process.clock }) };
  };
  start();
  return { current: () => current };
}

/** Asks a recorder; undefined when it answers with an error, or not at all. */
function ask<T>(
  { time }: World,
  question: (store: TaskStore) => Promise<T>,
  store: TaskStore,
  log: { answeredMs: number | undefined; result: unknown } | undefined,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    let isOver = false;
    const end = (result: T | undefined): void => {
      // An answer that comes after the caller went away was never given.
      if (isOver) return;
      isOver = true;
      cancel();
      if (log !== undefined && result !== undefined) Object.assign(log, { answeredMs: time.nowMs(), result });
      resolve(result);
    };
    const cancel = time.in(PATIENCE_MS, () => end(undefined));
    question(store).then(end, () => end(undefined));
  });
}

function submissionLog({ time, history }: World, task: Submission['task']): Submission {
  const log = { task, atMs: time.nowMs(), answeredMs: undefined, result: undefined };
  history.submissions.push(log);
  return log;
}

function operationLog({ time, history }: World, name: Operation['name'], id: string): Operation {
  const log = { name, id, atMs: time.nowMs(), answeredMs: undefined, result: undefined };
  history.operations.push(log);
  return log;
}

const FITTING = {
  pending: ['run', 'cancel'],
  running: ['cancel'],
  completed: ['retry', 'delete'],
  failed: ['retry', 'retry', 'delete'],
  cancelled: ['retry', 'delete', 'cancel'],
} as const;

/** Mostly one that the state of the task allows, once it is looked at. */
async function fittingOperation(
  world: World,
  store: TaskStore,
  id: string,
  random: Random,
): Promise<Operation['name'] | undefined> {
  const found = await ask(world, (asked) => asked.findTask(id), store, undefined);
  if (found === undefined) return undefined;
  return random.chance(0.1)
    ? random.pick(['cancel', 'run', 'retry', 'delete'] as const)
    : random.pick(FITTING[found.task.state]);
}
