import type { IncomingHttpHeaders } from 'node:http';
import { parseJson } from '../options/parse-json.ts';
import type { SignatureVerdict } from './signature-verdict.ts';

/** A delivery as it was received and answered; what its headers or its body lack is absent. */
export interface ReceivedDelivery {
  /** When its body was complete, in RFC 3339. */
  at: string;
  method: string;
  path: string;
  taskId?: string;
  taskName?: string;
  queue?: string;
  attempt?: number;
  attemptsLeft?: number;
  signature: SignatureVerdict['kind'];
  /** What it was answered. */
  status: number;
  taskArgs?: unknown;
  /** The body, where it is not that of a task. */
  body?: string;
}

/** A request with all of its body. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Reads what a request says of its task. */
export function readDelivery(
  { method, path, headers, body }: ReceivedRequest,
  answered: Pick<ReceivedDelivery, 'at' | 'signature' | 'status'>,
): ReceivedDelivery {
  const header = (name: string): string | undefined => headers[name]?.toString();
  const members = {
    ...answered,
    method,
    path,
    taskId: header('dispatchr-task-id'),
    queue: header('dispatchr-queue'),
    attempt: numberOf(header('dispatchr-attempt')),
    attemptsLeft: numberOf(header('dispatchr-attempts-left')),
    ...contentOf(body.toString()),
  };
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as unknown as ReceivedDelivery;
}

/** The number of an attempt by its header: 1 for a request that does not come from a scheduler. */
export function attemptOf(headers: IncomingHttpHeaders): number {
  return Math.max(1, numberOf(headers['dispatchr-attempt']?.toString()) ?? 1);
}

function contentOf(text: string): Pick<ReceivedDelivery, 'taskName' | 'taskArgs' | 'body'> {
  if (text === '') return {};
  try {
    const content = parseJson(text) as { taskName?: unknown; taskArgs?: unknown } | null;
    if (typeof content?.taskName === 'string') {
      return { taskName: content.taskName, taskArgs: content.taskArgs };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { body: text };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
