import type {
  Answered,
  Operate,
  OperateAnswer,
  ProducerEvent,
  Received,
  Submit,
  SubmitAnswer,
  TargetEvent,
  Transition,
  TransitionRow,
} from '../events.ts';
import { stepsOf, type Step } from './steps.ts';

/** Everything that the logs say of one task. */
export interface TaskHistory {
  readonly token: string;
  readonly submits: readonly SubmitCall[];
  readonly operations: readonly OperationCall[];
  /** By the instant of their receipt. */
  readonly deliveries: readonly Delivery[];
  /** In their order. */
  readonly transitions: readonly Transition[];
  readonly steps: readonly Step[];
  readonly attempts: readonly AttemptHistory[];
  /** The row of `tasks` as it was recorded; absent if the task never was. */
  readonly recorded?: Transition;
}

/** A submit, and its answer if one came. */
export interface SubmitCall {
  readonly submit: Submit;
  readonly answer?: SubmitAnswer;
}

/** A cancel, run or retry, and its answer if one came. */
export interface OperationCall {
  readonly operate: Operate;
  readonly answer?: OperateAnswer;
}

/** A request that a target read, and what became of it. */
export interface Delivery {
  readonly received: Received;
  readonly answered?: Answered;
}

/** One attempt, from its claim to its end. */
export interface AttemptHistory {
  readonly number: number;
  readonly claim: Step;
  readonly scheduler: string;
  /** Begin of the transaction that wrote the lease last: the claim, or a renewal before any take-over. */
  readonly heldSince: number;
  readonly takeOvers: readonly Step[];
  /** Absent while it runs. */
  readonly end?: Step;
  readonly deliveries: readonly Delivery[];
}

/** The events of one token, in any order. */
export interface TaskEvents {
  readonly producer: readonly ProducerEvent[];
  readonly target: readonly TargetEvent[];
  readonly transitions: readonly Transition[];
}

/** Pairs the events of one token. */
export function taskHistoryOf(token: string, events: TaskEvents): TaskHistory {
  const transitions = events.transitions.toSorted((a, b) => a.n - b.n);
  const steps = stepsOf(transitions);
  const deliveries = deliveriesOf(events.target);
  const recorded = transitions.find(({ table, op }) => table === 'tasks' && op === 'insert');
  return {
    token,
    ...callsOf(events.producer),
    deliveries,
    transitions,
    steps,
    attempts: attemptsOf(steps, deliveries),
    ...(recorded === undefined ? {} : { recorded }),
  };
}

/** How the task stands at the end of the log. */
export function lastRow({ steps }: TaskHistory): TransitionRow | undefined {
  return steps.at(-1)?.after;
}

/** Whether an answer says that it was done. */
export function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status <= 299;
}

/** Whether the target wrote a whole answer of 2xx. One that was reset afterwards may never have arrived. */
export function isAnswered2xx({ answered }: Delivery): boolean {
  return answered?.how === 'answered' && isSuccess(answered.status);
}

function callsOf(events: readonly ProducerEvent[]): Pick<TaskHistory, 'submits' | 'operations'> {
  const submitAnswers = new Map<number, SubmitAnswer>();
  const operateAnswers = new Map<number, OperateAnswer>();
  for (const event of events) {
    if (event.kind === 'submit-answer') submitAnswers.set(event.call, event);
    if (event.kind === 'operate-answer') operateAnswers.set(event.call, event);
  }
  const calls = events.toSorted((a, b) => a.at - b.at);
  return {
    submits: calls
      .filter((event) => event.kind === 'submit')
      .map((submit) => ({ submit, ...withAnswer(submitAnswers.get(submit.call)) })),
    operations: calls
      .filter((event) => event.kind === 'operate')
      .map((operate) => ({ operate, ...withAnswer(operateAnswers.get(operate.call)) })),
  };
}

function withAnswer<Answer>(answer: Answer | undefined): { answer?: Answer } {
  return answer === undefined ? {} : { answer };
}

function deliveriesOf(events: readonly TargetEvent[]): Delivery[] {
  const answers = new Map<number, Answered>();
  for (const event of events) if (event.kind === 'answered') answers.set(event.exchange, event);
  return events
    .filter((event) => event.kind === 'received')
    .toSorted((a, b) => a.at - b.at || a.exchange - b.exchange)
    .map((received) => {
      const answered = answers.get(received.exchange);
      return answered === undefined ? { received } : { received, answered };
    });
}

function attemptsOf(steps: readonly Step[], deliveries: readonly Delivery[]): AttemptHistory[] {
  const claims = steps.flatMap((step, index) => (step.event === 'claim' ? [index] : []));
  return claims.map((from, index) => {
    const [claim, ...rest] = steps.slice(from, claims[index + 1]) as [Step, ...Step[]];
    const number = claim.after?.attempt ?? 0;
    const end = rest.find(({ ended, after }) => ended !== undefined || after?.state !== 'running');
    const takeOvers = rest.filter(({ event }) => event === 'take-over');
    const renewals = rest.filter(({ event, at }) => event === 'renew' && at < (takeOvers[0]?.at ?? Infinity));
    return {
      number,
      claim,
      scheduler: claim.after?.scheduler ?? '',
      heldSince: (renewals.at(-1) ?? claim).begunAt,
      takeOvers,
      ...(end === undefined ? {} : { end }),
      deliveries: deliveries.filter(({ received }) => received.attempt === number),
    };
  });
}
