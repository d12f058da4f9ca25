/** One delivery of a task: what its headers and its body say. */
export interface Delivery {
  /** The task's id, the same in every attempt. Make the work idempotent by it. */
  taskId: string;
  queue: string;
  /** The number of this attempt: 1, 2, 3 … */
  attempt: number;
  /** How many tries remain after this one; 0 on the last. */
  attemptsLeft: number;
  /** When this attempt was due. */
  dueAt: Date;
  taskName: string;
  /** The arguments as `JSON.parse` reads them; `null` if they were left out. An integer beyond 2^53 is exact in `rawBody` only. */
  taskArgs: unknown;
  /** The key the task was submitted with, without the quotes of the header. */
  idempotencyKey?: string;
  /** The trace context the task was submitted with. */
  traceparent?: string;
  /** The vendor part of the trace context. */
  tracestate?: string;
  /** The body as it came, the same bytes in every attempt. */
  rawBody: Uint8Array;
}
