import type { Settings } from '../settings/settings-catalogue.ts';

/** One plain sentence on what the database of these settings survives. */
export function durabilityOf(settings: Pick<Settings, 'databaseUrl'>): string {
  return settings.databaseUrl === undefined
    ? EMBEDDED
    : 'Recorded tasks survive whatever this PostgreSQL survives.';
}

// PGlite never calls fsync: what was written is with the operating system, which a power cut takes along.
const EMBEDDED =
  'Recorded tasks survive a killed process, but perhaps not a power cut, and only this one process can use them.';
