import { InvalidArgumentError } from 'commander';

const MS_OF_UNIT = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Reads a duration such as 500ms, 5s, 1.5h or 2d, as whole milliseconds; throws commander's error for anything else. */
export function parseDuration(text: string): number {
  const durationMs = readDuration(text);
  if (durationMs === undefined) {
    throw new InvalidArgumentError('Expected a duration such as 500ms, 5s, 10min, 2h or 1d.');
  }
  return durationMs;
}

/** Makes a reader of durations of at least `leastMs`. */
export function durationFrom(leastMs: number): (text: string) => number {
  return (text) => {
    const durationMs = parseDuration(text);
    if (durationMs >= leastMs) return durationMs;
    throw new InvalidArgumentError(`Expected at least ${leastMs}ms.`);
  };
}

/** Reads a duration, or milliseconds without a unit. */
export function parseMilliseconds(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : parseDuration(text);
}

/** The milliseconds of a duration, or undefined if the text is none. */
export function readDuration(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|min|h|d)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * MS_OF_UNIT.get(unit)!);
}
