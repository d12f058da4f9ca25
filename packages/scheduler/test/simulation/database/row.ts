/** A row as the driver gives it. */
export type Row = Record<string, unknown>;
