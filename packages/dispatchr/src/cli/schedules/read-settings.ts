import { parseJsonInput } from '../options/parse-json.ts';
import { UsageError } from '../usage-error.ts';
import type { PartialSettings } from './settings-of-flags.ts';

/** Many times what a recorder takes by default. */
const MOST_CHARACTERS = 64_000_000;

/**
 * Reads settings, one JSON object, out of text that comes in chunks. What its members are is for the service to check.
 * Throws a UsageError for anything else.
 */
export async function readSettings(chunks: AsyncIterable<string>): Promise<PartialSettings> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
    if (text.length > MOST_CHARACTERS) {
      throw new UsageError('expected a schedule of less than 64 MB on standard input, got more');
    }
  }
  if (text.trim() === '') throw new UsageError('expected a schedule on standard input, got nothing');
  const value = parseJsonInput(text, 'standard input');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const got = JSON.stringify(value).slice(0, 40);
  throw new UsageError(`standard input: expected a schedule, a JSON object, got ${got}`);
}
