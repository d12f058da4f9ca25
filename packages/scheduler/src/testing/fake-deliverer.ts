import type { ErrorCode } from '@dispatchr/contract';
import type { Deliverer } from '../delivery/deliver.ts';
import { failed, type Delivered } from '../delivery/exchange.ts';
import type { DeliveryRequest } from '../delivery/request-of.ts';

/** A request that a fake deliverer was asked to send. */
export interface SentRequest {
  request: DeliveryRequest;
  timeoutMs: number;
  taskId: string;
  aborted: ErrorCode | undefined;
  /** Ends it with this status. */
  answer(status: number): void;
}

/** A deliverer that sends nothing: the test answers. */
export function createFakeDeliverer(): Deliverer & { sent: SentRequest[]; answerAll(status: number): void } {
  const sent: SentRequest[] = [];
  return {
    sent,
    answerAll: (status) => sent.forEach((request) => request.answer(status)),
    deliver(request, timeoutMs) {
      let resolve: (delivered: Delivered) => void = () => {};
      const done = new Promise<Delivered>((settle) => (resolve = settle));
      const entry: SentRequest = {
        request,
        timeoutMs,
        taskId: request.headers[request.headers.indexOf('Dispatchr-Task-Id') + 1] ?? '',
        aborted: undefined,
        answer: (status) => resolve({ answer: { kind: 'response', status }, status }),
      };
      sent.push(entry);
      return {
        done,
        abort(code, message) {
          entry.aborted = code;
          resolve(failed(code, message));
        },
      };
    },
    close() {},
  };
}
