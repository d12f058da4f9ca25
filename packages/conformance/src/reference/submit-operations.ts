import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { MutantId } from '../selftest/mutants/index.ts';
import type { Engine, Submitted } from './engine.ts';
import type { JsonNode } from './json-reader.ts';
import { MemberReader } from './member-reader.ts';
import { preferredWait, waitMs } from './prefer.ts';
import { featureNotSupported, invalidRequest, Problem, type ProblemError } from './problems.ts';
import type { Answer } from './response.ts';
import { LIMITS, type Settings } from './settings.ts';
import { readSubmission } from './submission.ts';
import { summaryJson } from './task-json.ts';
import { FaultyBatches, keyOf, lookUp, traceOf } from './submit-faults.ts';
import { forbiddenTarget } from './target-policy.ts';
import type { Submission, Task } from './task.ts';

/** A body as it was read, with the faults that the query had. */
export interface SubmitRequest {
  readonly request: IncomingMessage;
  readonly text: string;
  readonly root: JsonNode;
  readonly errors: readonly ProblemError[];
}

/** `submitTask` and `submitTaskBatch`. */
export class SubmitOperations {
  readonly #engine: Engine;
  readonly #settings: Settings;
  readonly #faultyBatches: FaultyBatches;

  constructor(engine: Engine, settings: Settings) {
    this.#engine = engine;
    this.#settings = settings;
    this.#faultyBatches = new FaultyBatches(engine, settings.mutants);
  }

  async submitTask({ request, text, root, errors }: SubmitRequest): Promise<Answer> {
    const { features, mutants } = this.#settings;
    const reader = new MemberReader(mutants);
    const submission = readSubmission(reader, { node: root, text, pointer: '' }, this.#settings);
    const fields = request.headersDistinct['idempotency-key'];
    const key = fields && keyOf(fields, mutants);
    const hasId = root.kind === 'object' && root.members.has('id');
    const keyErrors: ProblemError[] = [];
    const fault = (detail: string) =>
      keyErrors.push(
        mutants.has('header-faults-at-root')
          ? { pointer: '', detail }
          : { parameter: 'Idempotency-Key', detail },
      );
    // Without the feature the header is refused for itself, whatever it says.
    if (fields && key === undefined && features.has('idempotency-key'))
      fault('expected a quoted string, got another value');
    if (fields && hasId && features.has('idempotency-key') && !mutants.has('id-beside-key-accepted'))
      fault('expected one of `id` and `Idempotency-Key`, got both');
    throwIfAny([...errors, ...reader.errors, ...keyErrors]);
    const wait = this.#waitOf(request);
    const refusesKey = !features.has('idempotency-key') && !mutants.has('undeclared-key-ignored');
    if (fields && refusesKey) throw featureNotSupported('idempotency-key');
    await lookUp(submission.target, mutants);
    const keyed = key === undefined ? submission : { ...submission, idempotencyKey: key };
    this.judge([{ node: root, submission: keyed }]);
    const trace = traceOf(request, mutants);
    const headers = mutants.has('headers-in-content') ? (request.headers['user-agent'] ?? '') : '';
    const [submitted] = await this.#submit([
      {
        ...keyed,
        ...trace,
        fingerprint:
          mutants.has('key-compares-bytes') && key !== undefined ? text : submission.fingerprint + headers,
      },
    ]);
    if (submitted === undefined) throw new Error('nothing was recorded');
    return await this.#answer(submitted, request, wait);
  }

  async submitTaskBatch({ request, text, root, errors }: SubmitRequest): Promise<Answer> {
    const { features, mutants } = this.#settings;
    const reader = new MemberReader(mutants);
    const items = this.#readBatch(reader, root, text);
    const headerErrors: ProblemError[] = [];
    const fault = (parameter: string) =>
      headerErrors.push({ parameter, detail: 'expected none with a batch, got one' });
    if (request.headers['idempotency-key'] !== undefined && !mutants.has('batch-key-ignored'))
      fault('Idempotency-Key');
    const wait = preferredWait(request.headersDistinct['prefer']?.join());
    const asksToWait = wait !== undefined && /^[0-9]+$/.test(wait);
    if (features.has('wait') && asksToWait && !mutants.has('batch-wait-ignored')) fault('Prefer');
    throwIfAny([...errors, ...reader.errors, ...headerErrors]);
    if (!features.has('batch') && !mutants.has('undeclared-batch-served')) throw featureNotSupported('batch');
    if (wait === undefined || !mutants.has('undeclared-batch-wait-ignored')) this.#waitOf(request);
    const sizes = items.map(({ node }) => Buffer.byteLength(text.slice(node.start, node.end)));
    const isUnlimited = mutants.has('body-limit-ignored') || mutants.has('batch-tasks-unlimited');
    if (sizes.some((size) => size > LIMITS.maxTaskBytes) && !isUnlimited) {
      const limitBytes = LIMITS.maxTaskBytes;
      throw new Problem('payload-too-large', `expected at most ${limitBytes} bytes a task, got more`, {
        limitBytes,
      });
    }
    this.judge(items);
    const trace = mutants.has('batch-trace-lost') ? {} : traceOf(request, mutants);
    const submitted = await this.#submitBatch(
      items.map(({ submission }) => ({
        ...submission,
        ...trace,
        fingerprint: submission.fingerprint + (mutants.has('batch-content-apart') ? ' in a batch' : ''),
      })),
    );
    const shown = submitted.map(
      ({ created, task }) => `{"created":${created},"task":${summaryJson(task, this.#settings)}}`,
    );
    if (mutants.has('batch-order-reversed')) shown.reverse();
    const isCreated = ({ created }: Submitted): boolean =>
      created || mutants.has('repeated-batch-answers-201');
    const isNew = mutants.has('batch-201-only-if-all-new')
      ? submitted.every(isCreated)
      : submitted.some(isCreated);
    return {
      status: isNew ? 201 : 200,
      body: `{"tasks":[${shown.join(',')}]}`,
    };
  }

  /** Features that the tasks need, then the target policy. Spec: FEA-001 to FEA-004, POL-006. */
  judge(items: readonly Item[]): void {
    const { features, mutants } = this.#settings;
    for (const { node, submission } of items) {
      const has = (member: string) => node.kind === 'object' && node.members.has(member);
      const lacks = (feature: string, mutant: MutantId) => !features.has(feature) && !mutants.has(mutant);
      if (has('request') && lacks('request', 'undeclared-request-served'))
        throw featureNotSupported('request');
      if (submission.priority !== 0 && lacks('priority', 'undeclared-priority-ignored'))
        throw featureNotSupported('priority');
      if (has('expiresAt') && lacks('expiry', 'undeclared-expiry-ignored'))
        throw featureNotSupported('expiry');
    }
    const errors = items.flatMap(({ submission: { pointer, target } }) => {
      const reason = forbiddenTarget(target, mutants);
      const detail = `expected an address that tasks may be delivered to, got ${reason}`;
      return reason === undefined ? [] : [{ pointer: `${pointer}/target`, detail }];
    });
    if (errors.length === 0) return;
    const [first] = items;
    const fault = items.length > 1 ? 'batch-valid-part-recorded' : 'refused-task-recorded';
    if (first && mutants.has(first.submission.idempotencyKey === undefined ? fault : 'refused-key-used-up'))
      this.#engine.submit([first.submission]);
    throw new Problem('target-blocked', 'the target policy forbids this target', { errors });
  }

  #readBatch(reader: MemberReader, root: JsonNode, text: string): Item[] {
    const names = this.#settings.mutants.has('unknown-batch-members-ignored') ? undefined : ['tasks'];
    const tasks = reader.members(root, '', names).get('tasks');
    const nodes = tasks?.kind === 'array' ? tasks.items : [];
    const isNull = root.kind === 'object' && root.members.get('tasks')?.kind === 'null';
    const { mutants } = this.#settings;
    const least = tasks?.kind === 'array' && mutants.has('empty-batch-accepted') ? 0 : 1;
    const exact = LIMITS.maxBatchTasks - (mutants.has('batch-limit-exclusive') ? 1 : 0);
    const most = mutants.has('batch-limit-ignored') ? Infinity : exact;
    if (root.kind === 'object' && !isNull && (nodes.length < least || nodes.length > most)) {
      reader.fault('/tasks', `an array of 1 to ${LIMITS.maxBatchTasks} tasks`, tasks);
      return [];
    }
    const ids = new Set<string>();
    return nodes.map((node, index) => {
      const pointer = `/tasks/${mutants.has('batch-counted-from-1') ? index + 1 : index}`;
      const submission = readSubmission(reader, { node, text, pointer }, this.#settings);
      const isRepeated = submission.id !== undefined && ids.has(submission.id);
      if (isRepeated && !mutants.has('batch-repeated-id-accepted'))
        reader.fault(`${pointer}/id`, 'an id that no other task of the batch has');
      if (submission.id !== undefined) ids.add(submission.id);
      return { node, submission };
    });
  }

  /** What a request says of waiting; refuses it without the feature. Spec: FEA-005. */
  #waitOf(request: IncomingMessage): number {
    const { features, mutants } = this.#settings;
    const prefer = request.headersDistinct['prefer']?.join();
    const wait = preferredWait(prefer);
    const isOther = prefer !== undefined && wait === undefined;
    if (isOther && mutants.has('other-preferences-refused'))
      throw invalidRequest([{ parameter: 'Prefer', detail: 'expected wait=N, got another preference' }]);
    if (mutants.has('undeclared-wait-ignored') || mutants.has('wait-declared-not-served')) return 0;
    const isPassed = !/^[0-9]+$/.test(wait ?? '') && mutants.has('undeclared-bare-wait-ignored');
    const refusesWait = (!features.has('wait') && !isPassed) || mutants.has('wait-declared-not-had');
    if (wait !== undefined && refusesWait) throw featureNotSupported('wait');
    if (mutants.has('wait-read-leniently'))
      return waitMs(String(Number.parseInt(wait ?? '', 10)), LIMITS.maxWaitMs);
    if (mutants.has('wait-in-milliseconds')) return Math.ceil(waitMs(wait, LIMITS.maxWaitMs) / 1000);
    return waitMs(wait, mutants.has('wait-cap-tripled') ? 3 * LIMITS.maxWaitMs : LIMITS.maxWaitMs);
  }

  async #submit(submissions: readonly Submission[]): Promise<Submitted[]> {
    const { mutants } = this.#settings;
    if (mutants.has('key-replay-duplicates') && submissions[0]?.idempotencyKey !== undefined) {
      return this.#engine.submit(submissions, []);
    }
    const races =
      mutants.has('concurrent-submits-race') ||
      (submissions[0]?.idempotencyKey !== undefined && mutants.has('concurrent-keys-race'));
    const isNew = submissions.length === 1 && this.#engine.existing(submissions)[0] === undefined;
    if (mutants.has('race-loser-not-compared') && isNew) {
      await delay(10);
      const [winner] = this.#engine.existing(submissions);
      if (winner !== undefined) return [{ created: false, task: winner }];
    }
    if (!races) return this.#engine.submit(submissions);
    const known = this.#engine.existing(submissions);
    await delay(10);
    return this.#engine.submit(submissions, known);
  }

  async #submitBatch(submissions: readonly Submission[]): Promise<Submitted[]> {
    return (await this.#faultyBatches.submit(submissions)) ?? this.#submit(submissions);
  }

  async #answer({ created, task }: Submitted, request: IncomingMessage, wait: number): Promise<Answer> {
    const { mutants } = this.#settings;
    if (wait > 0) await this.#engine.table.whenTerminal(task.id, wait);
    if (wait > 0 && mutants.has('wait-answers-after-its-time')) await delay(wait);
    const shown = wait > 0 ? (this.#engine.table.find(task.id) ?? task) : task;
    const isWithoutLocation =
      mutants.has('location-missing') || (!created && mutants.has('replay-without-location'));
    return {
      status: created && !mutants.has('created-answers-200') ? 201 : 200,
      body: summaryJson(shown, this.#settings),
      headers: isWithoutLocation ? {} : { Location: this.#locationOf(task, request) },
    };
  }

  #locationOf({ id }: Task, { headers }: IncomingMessage): string {
    const path = `${this.#settings.mutants.has('location-wrong') ? '/tasks' : '/v1/tasks'}/${encodeURIComponent(id)}`;
    return this.#settings.variants.has('absolute-location')
      ? `http://${headers.host ?? 'localhost'}${path}`
      : path;
  }
}

interface Item {
  readonly node: JsonNode;
  readonly submission: Submission;
}

function throwIfAny(errors: readonly ProblemError[]): void {
  if (errors.length > 0) throw invalidRequest(errors);
}
