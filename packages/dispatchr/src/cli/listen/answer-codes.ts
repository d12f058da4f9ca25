import { InvalidArgumentError } from 'commander';

/** Reads statuses separated by commas, such as "500,500,200"; throws commander's error for anything else. */
export function parseAnswerCodes(text: string): number[] {
  const codes = text.split(',').map((part) => part.trim());
  if (codes.every((code) => /^[2-5]\d{2}$/.test(code))) return codes.map(Number);
  throw new InvalidArgumentError('Expected statuses from 200 to 599, such as 500,500,200.');
}

/** The status for the n-th attempt of a task, from 1 on; the last one repeats. */
export function answerCodeOf(codes: readonly number[], attempt: number): number {
  return codes[Math.min(attempt, codes.length) - 1] ?? 200;
}
