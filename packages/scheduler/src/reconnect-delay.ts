/** How a scheduler comes back to a database that is away. */
export interface ReconnectSettings {
  /** Milliseconds before the first new try. */
  reconnectIntervalMs: number;
  /** Milliseconds between two tries at most. */
  reconnectMaxIntervalMs: number;
}

/**
 * Milliseconds to wait after `failures` (0, 1, 2 …) failed tries before this one: doubled each time up to the
 * maximum, and up to a fifth earlier, so that several schedulers do not come back in step.
 */
export function reconnectDelayMs(
  failures: number,
  settings: ReconnectSettings,
  random: () => number,
): number {
  const { reconnectIntervalMs, reconnectMaxIntervalMs } = settings;
  const bareMs = Math.min(reconnectMaxIntervalMs, reconnectIntervalMs * 2 ** Math.min(failures, 30));
  return bareMs * (1 - 0.2 * random());
}
