import type { RecordedRequest } from './target-script.ts';

/** The record of a target's requests, and the tests that wait for the next ones. */
export interface ReceivedSignals {
  readonly requests: readonly RecordedRequest[];
  record(request: RecordedRequest): void;
  received(path: string, n: number, timeoutMs: number): Promise<RecordedRequest>;
  /** Rejects everybody who still waits. */
  close(): void;
}

interface Waiter {
  readonly check: () => void;
  readonly fail: (reason: string) => void;
}

/** Creates an empty record. */
export function createReceivedSignals(): ReceivedSignals {
  const requests: RecordedRequest[] = [];
  const waiters = new Set<Waiter>();
  const requestsOf = (path: string) => requests.filter((request) => isPath(path, request.path));

  return {
    requests,
    record(request) {
      requests.push(request);
      for (const waiter of waiters) waiter.check();
    },
    received(path, n, timeoutMs) {
      return new Promise((resolve, reject) => {
        const fail = (reason: string) => {
          end();
          const got = `got ${requestsOf(path).length} (${requests.length} in all)`;
          reject(new Error(`expected request ${n} of ${path} ${reason}, ${got}`));
        };
        const check = () => {
          const found = requestsOf(path)[n - 1];
          if (found === undefined) return;
          end();
          resolve(found);
        };
        const timer = setTimeout(() => fail(`within ${timeoutMs} ms`), timeoutMs);
        const waiter = { check, fail };
        const end = () => {
          clearTimeout(timer);
          waiters.delete(waiter);
        };
        waiters.add(waiter);
        check();
      });
    },
    close() {
      for (const waiter of waiters) waiter.fail('before the target was closed');
    },
  };
}

function isPath(path: string, requested: string): boolean {
  return requested === path || requested.split('?', 1)[0] === path;
}
