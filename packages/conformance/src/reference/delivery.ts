import type { Socket } from 'node:net';
import type { MutantId } from '../selftest/mutants/index.ts';
import { readBodyStart } from './answer-body.ts';
import { type AnswerHead, AnswerReader, AttemptFault } from './answer-reader.ts';
import { deliveryRequest } from './delivery-request.ts';
import { dial, messageOf } from './dial.ts';
import { memoryOf } from './mutant-memory.ts';
import { outcomeOf } from './outcome.ts';
import { retryAfterMs } from './retry.ts';
import type { Settings } from './settings.ts';
import type { AttemptEnd } from './settlement.ts';
import type { Task } from './task.ts';

/** One attempt at a task: at most one request, under one deadline; an abort ends it as `released`. */
export async function deliver(task: Task, settings: Settings, abort: AbortSignal): Promise<AttemptEnd> {
  const startedAtMs = performance.now();
  const attempt = new DeliveryAttempt(task, settings, abort);
  try {
    const end = await attempt.run();
    return { ...end, durationMs: performance.now() - startedAtMs };
  } catch (error) {
    const code = error instanceof AttemptFault ? error.code : 'invalid-request';
    const durationMs = performance.now() - startedAtMs;
    if (code === 'connection-reset' && settings.mutants.has('reset-is-success'))
      return { outcome: 'completed', status: 200 };
    const outcome = outcomeOfFault(code, settings.mutants);
    return { outcome, errorCode: code, errorMessage: messageOf(error), durationMs };
  } finally {
    attempt.close();
  }
}

/** Spec: ANS-009. */
function outcomeOfFault(code: string, mutants: ReadonlySet<MutantId>): AttemptEnd['outcome'] {
  if (code === 'target-blocked' || code === 'released') return code;
  if (code === 'connection-refused' && mutants.has('refused-rejected')) return 'rejected';
  if (code === 'name-not-resolved' && mutants.has('unresolved-rejected')) return 'rejected';
  return 'retryable';
}

class DeliveryAttempt {
  readonly #task: Task;
  readonly #settings: Settings;
  readonly #abort: AbortSignal;
  readonly #sockets: Socket[] = [];
  /** Rejects when the attempt has to end: at the deadline, or because it is aborted. */
  readonly #cut: Promise<never>;
  #reject: (fault: AttemptFault) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #deadlineMs = 0;

  constructor(task: Task, settings: Settings, abort: AbortSignal) {
    this.#task = task;
    this.#settings = settings;
    this.#abort = abort;
    this.#cut = new Promise((_, reject) => (this.#reject = reject));
    // It may be rejected when nothing is awaited any more.
    this.#cut.catch(() => undefined);
    if (!settings.mutants.has('deadline-starts-after-connecting')) this.#startDeadline();
    abort.addEventListener('abort', this.#release, { once: true });
    if (abort.aborted) this.#release();
  }

  async run(url = new URL(this.#task.target)): Promise<AttemptEnd> {
    const { mutants } = this.#settings;
    const { socket, head } = await this.#request(url).catch((error: unknown) => {
      if (!this.#isSentAgain(error)) throw error;
      return this.#request(url);
    });
    this.#remember(url, head);
    const location = head.fields.get('location')?.[0];
    if (
      head.status >= 300 &&
      head.status <= 399 &&
      location !== undefined &&
      mutants.has('redirect-followed')
    ) {
      return await this.run(new URL(location, url));
    }
    const { status, fields } = head;
    const outcome = outcomeOf(status, fields, this.#task.retry, mutants);
    if (status >= 200 && status <= 299) {
      if (mutants.has('body-awaited') && status !== 204)
        await this.#orCut(readBodyStart(socket, head, 60_000, mutants));
      if (mutants.has('broken-body-fails')) await requireWhole(socket, head, mutants);
      if (!mutants.has('response-body-of-2xx-shown')) return { outcome, status };
    }
    const isUnheard = status < 400 && mutants.has('retry-after-ignored-on-redirect');
    const wish = outcome === 'retryable' && !isUnheard ? retryAfterMs(fields, mutants) : 0;
    const answeredAtMs = performance.now();
    const withinMs = Math.max(0, Math.min(1000, this.#deadlineMs - answeredAtMs));
    const isImpatient = this.#abort.aborted || mutants.has('response-body-first-part-only');
    const bodyWithinMs = isImpatient ? 0 : withinMs;
    const awaitsEnd = mutants.has('rejection-body-awaited');
    const reading = readBodyStart(socket, head, awaitsEnd ? 60_000 : bodyWithinMs, mutants);
    const responseBody = await (awaitsEnd ? this.#orCut(reading) : reading);
    const retryAfterInSeconds = /^\d+$/.test(fields.get('retry-after')?.[0] ?? '');
    return { outcome, status, responseBody, retryAfterMs: wish, retryAfterInSeconds };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort.removeEventListener('abort', this.#release);
    const readOn = this.#settings.mutants.has('body-read-without-bound');
    for (const socket of this.#sockets) {
      if (readOn) socket.resume();
      else socket.destroy();
    }
  }

  async #request(url: URL): Promise<{ socket: Socket; head: AnswerHead }> {
    const { mutants } = this.#settings;
    const socket = await this.#orCut(dial(url, (each) => this.#sockets.push(each), mutants));
    if (mutants.has('deadline-starts-after-connecting')) this.#startDeadline();
    const request = deliveryRequest(this.#task, url, this.#settings);
    return { socket, head: await this.#orCut(this.#exchange(socket, request, url)) };
  }

  /** Never, but for mutants. Spec: DLV-017. */
  #isSentAgain(error: unknown): boolean {
    const { mutants } = this.#settings;
    if (!(error instanceof AttemptFault) || error.code !== 'connection-reset') return false;
    const isIdempotent = ['GET', 'PUT', 'DELETE'].includes(this.#task.request?.method ?? 'POST');
    return (
      mutants.has('broken-attempt-sent-again') ||
      (isIdempotent && mutants.has('idempotent-methods-sent-again'))
    );
  }

  /** For mutants: keeps cookies and what follows an answer for the next attempt at the origin. */
  #remember({ origin }: URL, { fields, rest }: AnswerHead): void {
    if (!['cookies-kept', 'leftover-bytes-read'].some((id) => this.#settings.mutants.has(id as MutantId)))
      return;
    const cookie = fields.get('set-cookie')?.[0]?.split(';')[0];
    const length = fields.get('content-length')?.[0];
    const memory = memoryOf(this.#settings);
    if (cookie !== undefined) memory.set(`cookie of ${origin}`, cookie);
    if (length !== undefined) memory.set(`rest of ${origin}`, rest.toString('latin1', Number(length)));
  }

  /** Sends the request and reads up to the end of the final response's header section. */
  #exchange(socket: Socket, request: Buffer, { origin }: URL): Promise<AnswerHead> {
    const { mutants } = this.#settings;
    const reader = new AnswerReader(() => {
      if (mutants.has('interim-extends-deadline')) this.#startDeadline();
    }, mutants);
    let before = mutants.has('leftover-bytes-read') ? memoryOf(this.#settings).get(`rest of ${origin}`) : '';
    return new Promise((resolve, reject) => {
      const lost = (message: string) => () => {
        const head = reader.cutOff();
        const isMisnamed = reader.sawInterim && mutants.has('reset-after-interim-misnamed');
        if (head !== undefined) resolve(head);
        else reject(new AttemptFault(isMisnamed ? 'not-http' : 'connection-reset', message));
      };
      const read = (bytes: Buffer): void => {
        if (mutants.has('each-byte-extends-deadline')) this.#startDeadline();
        try {
          const head = reader.push(Buffer.concat([Buffer.from(before ?? '', 'latin1'), bytes]));
          before = '';
          if (head === undefined) return;
          socket.off('data', read);
          resolve(head);
        } catch (error) {
          reject(error instanceof Error ? error : new Error('unreadable'));
        }
      };
      socket.on('data', read);
      socket.on('error', (error) => lost(error.message)());
      socket.once('end', lost('the connection was closed before an answer arrived'));
      socket.once('close', lost('the connection was closed before an answer arrived'));
      socket.write(request);
    });
  }

  #orCut<T>(work: Promise<T>): Promise<T> {
    // What loses the race ends with its socket; nobody hears of it.
    work.catch(() => undefined);
    return Promise.race([work, this.#cut]);
  }

  #startDeadline(): void {
    const enforced = !this.#settings.mutants.has('timeout-not-enforced');
    const share = this.#settings.mutants.has('deadline-of-a-fifth') ? 5 : 1;
    const cutMs = this.#settings.mutants.has('max-duration-cuts-attempt')
      ? this.#task.retry.maxDurationMs
      : undefined;
    const timeoutMs = Math.min(cutMs ?? Infinity, enforced ? this.#task.timeoutMs / share : 86_400_000);
    clearTimeout(this.#timer);
    this.#deadlineMs = performance.now() + timeoutMs;
    const fault = new AttemptFault('timeout', `expected an answer within ${timeoutMs} ms, got none`);
    this.#timer = setTimeout(() => this.#reject(fault), timeoutMs);
  }

  readonly #release = (): void => {
    this.#reject(new AttemptFault('released', 'the scheduler was shutting down'));
  };
}

/** For a mutant: takes an answer whose body is cut off for none. */
async function requireWhole(socket: Socket, head: AnswerHead, mutants: ReadonlySet<MutantId>): Promise<void> {
  const text = await readBodyStart(socket, head, 300, mutants);
  const isOver = socket.readableEnded || socket.destroyed;
  if (isOver && text.length < Number(head.fields.get('content-length')?.[0] ?? 0))
    throw new AttemptFault('connection-reset', 'the connection was closed within the body');
}
