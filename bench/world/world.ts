import type { Load } from './load.ts';
import type { Receiver } from './receiver.ts';

/** What every side of a run shares. */
export interface World {
  /** PostgreSQL, as a superuser who may create databases. */
  readonly serverUrl: string;
  readonly receiver: Receiver;
  readonly load: Load;
  /** Tells the person who waits what happens, on stderr. */
  readonly note: (text: string) => void;
}
