import { type ConnectionSettings, PostgresConnection } from './postgres-connection.ts';

/** Milliseconds until a lost listening connection is tried again; polling covers the gap. */
const RELISTEN_MS = 1000;

/**
 * Listens on a channel over a connection of its own and listens again whenever it is lost.
 * Never throws and never waits longer than the deadline of a call: notifications are a hint.
 * Answers with the function that ends it.
 */
export async function listenOnPostgres(
  settings: ConnectionSettings,
  channel: string,
  onNotify: (payload: string) => void,
): Promise<() => Promise<void>> {
  let isEnded = false;
  let cancelRetry = (): void => undefined;
  let current: PostgresConnection | undefined;

  const listen = async (): Promise<void> => {
    let isLost = false;
    const relisten = (): void => {
      if (isLost || isEnded) return;
      isLost = true;
      connection.destroy();
      cancelRetry = settings.timer(RELISTEN_MS, () => void listen());
    };
    const connection = new PostgresConnection(settings, { onClose: relisten, onNotify });
    current = connection;
    const cancelDeadline = settings.timer(settings.timeoutMs, relisten);
    // What came due while nobody listened is found by asking once.
    await connection.run(`LISTEN ${channel}`).then(() => onNotify(''), relisten);
    cancelDeadline();
  };

  await listen();
  return async () => {
    isEnded = true;
    cancelRetry();
    await current?.close();
  };
}
