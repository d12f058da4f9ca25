/** Starts and ends the implementation, for the checks of durability; every method resolves when it is done. */
export interface Control {
  /** As SIGKILL: nothing of the process goes on. */
  kill(): Promise<void>;
  /** As SIGTERM: it may take its grace period. */
  stop(): Promise<void>;
  /** Starts it again on the same data; resolves once it answers at its URL. */
  start(): Promise<void>;
}
