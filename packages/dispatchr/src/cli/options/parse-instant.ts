import { InvalidArgumentError } from 'commander';
import { readDuration } from './parse-duration.ts';

/** RFC 3339 with its offset: a time without one would mean something else on each machine. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads an instant, or a duration as so long from `nowMs` on; answers in RFC 3339, UTC. */
export function parseInstantAhead(text: string, nowMs: number): string {
  return parseInstant(text, (durationMs) => nowMs + durationMs, 'so long from now on');
}

/** Reads an instant, or a duration as so long before `nowMs`; answers in RFC 3339, UTC. */
export function parseInstantAgo(text: string, nowMs: number): string {
  return parseInstant(text, (durationMs) => nowMs - durationMs, 'so long ago');
}

function parseInstant(text: string, relative: (durationMs: number) => number, meaning: string): string {
  const durationMs = readDuration(text);
  const instantMs = durationMs === undefined ? absolute(text) : relative(durationMs);
  const instant = new Date(instantMs);
  if (!Number.isNaN(instant.getTime())) return instant.toISOString();
  throw new InvalidArgumentError(
    `Expected an instant such as 2026-11-22T14:50:00Z, or a duration such as 2h (${meaning}).`,
  );
}

function absolute(text: string): number {
  return RFC_3339.test(text) ? Date.parse(text.replace(' ', 'T')) : NaN;
}
