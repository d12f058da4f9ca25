import type { Json } from './json.ts';

/** A task as a response showed it. */
export type SeenTask = Json;

/** A requirement, and how it was violated. */
export type Fault = readonly [requirement: string, what: string];
