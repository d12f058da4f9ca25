/** Every way in which the world of a simulation goes wrong. */
export const FAULT_KINDS = [
  // One call to the database.
  'call-lost',
  'answer-lost',
  'answer-late',
  'call-late',
  'call-slow',
  'cut-in-commit',
  'call-refused',
  // The database.
  'database-outage',
  'database-silent',
  'database-restart',
  'database-slow',
  'database-read-only',
  'database-clock-jump',
  'connections-terminated',
  'rows-held',
  'row-unsettleable',
  // A process.
  'kill',
  'kill-before-call',
  'kill-during-call',
  'kill-after-call',
  'kill-at-delivery',
  'kill-at-answer',
  'recorder-kill',
  'stall-briefly',
  'stall-past-lease',
  'terminate',
  'terminate-twice',
  'wall-clock-jump',
  'clock-skewed',
  'hint-lost',
  // A target, or the way to it.
  'target-resets',
  'target-hangs',
  'target-outlives-lease',
  'target-answer-lost',
  'target-dies',
  // Load.
  'burst',
  'cancel-races-answer',
] as const;

/** One of `FAULT_KINDS`. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Whom everything that goes wrong with the database itself strikes. */
export const THE_DATABASE = 'the database';
