import { connect, type ConnectionSettings } from './postgres-connections.ts';

/** Milliseconds until a lost listening connection is tried again; polling covers the gap. */
const RELISTEN_MS = 1000;

/**
 * Listens on a channel over a connection of its own and listens again whenever it is lost.
 * The driver's own `listen` forgets a channel whose first attempt after a loss fails, so this sends LISTEN itself.
 * Never throws: notifications are a hint. Answers with the function that ends it.
 */
export async function listenOnPostgres(
  settings: ConnectionSettings,
  channel: string,
  onNotify: (payload: string) => void,
): Promise<() => Promise<void>> {
  let ended = false;
  let cancelRetry = (): void => undefined;
  let endCurrent = (): Promise<void> => Promise.resolve();

  const listen = async (): Promise<void> => {
    let lost = false;
    const relisten = (): void => {
      if (lost || ended) return;
      lost = true;
      void endCurrent();
      cancelRetry = settings.timer(RELISTEN_MS, () => void listen());
    };
    const client = connect(settings, 1, {
      ...onNotification(onNotify),
      onclose: relisten,
      max_lifetime: null,
    });
    endCurrent = () => client.end({ timeout: 0 }).catch(() => undefined);
    // What came due while nobody listened is found by asking once.
    await client.unsafe(`LISTEN ${channel}`).then(() => onNotify(''), relisten);
  };

  await listen();
  return async () => {
    ended = true;
    cancelRetry();
    await endCurrent();
  };
}

/** The driver takes this option, and uses it for its own `listen`, but its types do not name it. */
function onNotification(onNotify: (payload: string) => void): object {
  return { onnotify: (_channel: string, payload: string) => onNotify(payload) };
}
