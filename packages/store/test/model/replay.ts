import { isDeepStrictEqual } from 'node:util';
import type { Database, TaskStore } from '@dispatchr/store';
import { type Actual, actualOf, type Held } from './actual-answers.ts';
import type { Command, Step } from './commands.ts';
import { type Expected, expectedOf, SETTINGS_CHANGED } from './expected-answers.ts';
import { EMPTY, inOrderOf, type Model } from './model.ts';
import { type View, viewOfDatabase, viewOfModel } from './view.ts';

/** Two stores on one database, as two processes have them. */
export interface Connections {
  readonly stores: readonly [TaskStore, TaskStore];
  /** Of the test itself, which no mutant is planted into. */
  readonly database: Database;
  /** Tells the second store how long its operator's writes are to wait. */
  readonly hesitateUntil: (call: Promise<unknown>) => void;
}

/** What a run did. */
export interface Figures {
  readonly commands: Readonly<Record<string, number>>;
  readonly pairs: number;
  /** Rows of the state table that were taken, each as often as it was. */
  readonly taken: readonly string[];
}

interface Called {
  readonly command: Command;
  readonly held: readonly Held[];
  readonly actual: Actual;
}

/**
 * What a call passes by of the other: nothing, what that writes, or all that it locks before it knows what to write.
 * A put passes by what another wrote if its answer shows that, and a purge if the other made its queue, or emptied it,
 * between its looks at the queue and at the tasks.
 */
type PassesBy = 'nothing' | 'written' | 'locked';

/** One way in which the calls of a step may have come about: in this order, each passing by so much of the other. */
interface Order {
  readonly calls: readonly Called[];
  readonly passesBy: readonly PassesBy[];
}

interface Outcome {
  readonly model: Model;
  readonly holders: readonly Held[];
  readonly answers: readonly unknown[];
}

const SKIPPING = new Set(['claim', 'claim-flow-keys', 'take-over', 'expire', 'prune']);

/** Runs the steps against an emptied database and the model; throws where no order of the calls explains what is seen. */
export async function replay(steps: readonly Step[], connections: Connections): Promise<Figures> {
  const { stores, database } = connections;
  await empty(database);
  let model = EMPTY;
  const holders: Held[] = [];
  const commands: Record<string, number> = {};
  for (const step of distinctDues(steps)) {
    const calls = await callAll(step, connections, holders);
    const seen = await viewOfDatabase(stores[0], database);
    const outcome = explain({ ...model, now: model.now + 1 }, calls, seen);
    ({ model } = outcome);
    holders.push(...outcome.holders);
    for (const { kind } of step) commands[kind] = (commands[kind] ?? 0) + 1;
  }
  return { commands, pairs: steps.filter(({ length }) => length === 2).length, taken: model.taken };
}

const TABLES = ['attempts', 'unfinished_tasks', 'finished_tasks', 'tasks', 'queues', 'gates'] as const;

async function empty(database: Database): Promise<void> {
  for (const table of TABLES)
    await database.query(
      { name: `empty-${table}`, role: 'read', text: `DELETE FROM dispatchr.${table}` },
      [],
    );
}

/** Instants of long ago become distinct, since the order of equal ones is not promised. */
function distinctDues(all: readonly Step[]): Step[] {
  let submitted = 0;
  const distinct = <T extends { due: number | string }>(task: T): T =>
    typeof task.due === 'number' ? { ...task, due: task.due * 1000 + (submitted += 1) } : task;
  // Tasks of one batch that are due at once are due at the same instant: the first alone may be.
  const inBatch = <T extends { due: number | string }>(task: T, index: number): T =>
    distinct(index > 0 && task.due === 'now' ? { ...task, due: -index } : task);
  const change = (command: Command): Command => {
    if (command.kind === 'submit') return { ...command, task: distinct(command.task) };
    return command.kind === 'batch' ? { ...command, tasks: command.tasks.map(inBatch) } : command;
  };
  return all.map((step) => step.map(change) as unknown as Step);
}

/** The second of two calls looks at its task beside the first, and may write only after it. */
async function callAll(step: Step, connections: Connections, holders: readonly Held[]): Promise<Called[]> {
  const { stores, database, hesitateUntil } = connections;
  const first = call(step[0], stores[0], database, holders);
  if (step.length === 1) return [await first];
  hesitateUntil(first);
  return Promise.all([first, call(step[1], stores[1], database, holders)]);
}

async function call(
  command: Command,
  store: TaskStore,
  database: Database,
  holders: readonly Held[],
): Promise<Called> {
  const picks = 'picks' in command ? command.picks : 'pick' in command ? [command.pick] : [];
  const held = picks.flatMap((pick) => holders.at(-1 - pick) ?? []);
  return { command, held, actual: await actualOf(command, { store, database, held }) };
}

/** Finds the order of the calls whose answers and state are those that were seen. */
function explain(model: Model, calls: readonly Called[], seen: View): Outcome {
  const outcomes = orders(calls).map((order) => {
    const outcome = follow(model, order);
    const after = inOrderOf(outcome.model, seen.due);
    return { ...outcome, model: calls.length === 2 ? asRecordedBeside(after, model, seen) : after };
  });
  const right = outcomes.find(
    (outcome, index) =>
      isDeepStrictEqual(
        outcome.answers,
        orders(calls)[index]?.calls.map(({ actual }) => actual.answer),
      ) && isDeepStrictEqual(viewOfModel(outcome.model), seen),
  );
  if (right) return right;
  throw new Error(describe(model, calls, seen, outcomes));
}

/** Adopts the order of tasks that two calls recorded at the same time: each numbers its own as it comes to them. */
function asRecordedBeside(after: Model, before: Model, seen: View): Model {
  const places = new Map(seen.tasks.map(({ id }, index) => [id, -index]));
  const isNew = ({ id, birth }: Model['tasks'][number]): boolean => birth > (before.births[id] ?? 0);
  const added = after.tasks
    .filter(isNew)
    .toSorted((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
  return { ...after, tasks: [...after.tasks.filter((task) => !isNew(task)), ...added] };
}

function orders(calls: readonly Called[]): Order[] {
  const sequences = calls.length === 1 ? [calls] : [calls, calls.toReversed()];
  return sequences.flatMap((sequence) => {
    const choices = sequence.map((called) => choicesOf(called, calls));
    const [first = [], second] = choices;
    if (second === undefined) return [{ calls: sequence, passesBy: ['nothing' as const] }];
    return first.flatMap((mine) => second.map((other) => ({ calls: sequence, passesBy: [mine, other] })));
  });
}

function choicesOf(called: Called, calls: readonly Called[]): readonly PassesBy[] {
  const { kind } = called.command;
  const isBeside = (other: Command['kind']): boolean =>
    calls.some((one) => one !== called && one.command.kind === other);
  if (kind === 'put-queue' && isBeside('put-queue')) return ['nothing', 'written'];
  if (kind === 'purge') return ['nothing', 'written'];
  if (!SKIPPING.has(kind)) return ['nothing'];
  return isBeside('claim-flow-keys') ? ['nothing', 'written', 'locked'] : ['nothing', 'written'];
}

function follow(before: Model, { calls, passesBy }: Order): Outcome {
  let model = before;
  const holders: Held[] = [];
  const answers = calls.map(({ command, held, actual }, index) => {
    const others = calls.filter((_, other) => other !== index);
    const hidden = new Set(others.flatMap((other) => hiddenBy(other, passesBy[index] ?? 'nothing', before)));
    const expected = expectedOf(command, model, { held: held.map(({ name }) => name), hidden });
    ({ model } = expected);
    holders.push(...named(expected, actual));
    return expected.answer;
  });
  const shown = calls.map(({ command }, index) => {
    if (passesBy[index] !== 'written') return answers[index];
    if (command.kind === 'put-queue') return model.limits[command.queue] ?? 'none';
    return command.kind === 'purge' && answers[index] === 'not-found' ? 0 : answers[index];
  });
  return { model, holders, answers: shown };
}

/** What a call that passes by does not see of another; a put between its look and its claim hides everything. */
function hiddenBy({ command, actual }: Called, passesBy: PassesBy, { tasks }: Model): readonly string[] {
  if (passesBy === 'nothing') return [];
  if (command.kind === 'put-queue') return [SETTINGS_CHANGED];
  if (passesBy === 'written' || command.kind !== 'claim-flow-keys') return actual.wrote;
  // It locks as many as it may claim, and then sees what the limits leave.
  const ofKey = tasks.filter(({ queue, flowKey }) => queue === command.queue && flowKey === command.flowKey);
  return ofKey.map(({ id }) => id);
}

/** The leases that were given, under the names that the model has for them. */
function named({ holders = {} }: Expected, { leases }: Actual): Held[] {
  return Object.entries(leases).flatMap(([id, lease]) => {
    const name = holders[id];
    return name === undefined ? [] : [{ ...lease, name }];
  });
}

function describe(model: Model, calls: readonly Called[], seen: View, outcomes: readonly Outcome[]): string {
  const show = (value: unknown) => JSON.stringify(value);
  return [
    `expected what one of the orders of these calls explains, got neither: ${show(calls.map(({ command }) => command))}`,
    `holders:  ${show(calls.map(({ held }) => held))}`,
    `before:   ${show(viewOfModel(model))}`,
    `answers:  ${show(calls.map(({ actual }) => actual.answer))}`,
    `seen:     ${show(seen)}`,
    ...outcomes.map(
      ({ answers, model: after }) => `expected: ${show(answers)} and ${show(viewOfModel(after))}`,
    ),
  ].join('\n');
}
