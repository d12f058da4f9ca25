import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

describe('readSettings', () => {
  it('reads an object that comes in pieces and lines', async () => {
    expect(await readSettings(chunks('{"cron":\n"@da', 'ily"}\n'))).toEqual({ cron: '@daily' });
  });

  it.each([
    ['', 'expected a schedule on standard input, got nothing'],
    [' \n', 'got nothing'],
    ['{', 'standard input: expected JSON, got: '],
    ['[{"cron":"@daily"}]', 'expected a schedule, a JSON object, got [{"cron":"@daily"}]'],
    ['null', 'expected a schedule, a JSON object, got null'],
  ])('refuses %j', async (text, message) => {
    await expect(readSettings(chunks(text))).rejects.toThrow(message);
  });

  it('refuses what has no end', async () => {
    const megabyte = ' '.repeat(1_000_000);
    await expect(readSettings(chunks(...Array.from({ length: 65 }, () => megabyte)))).rejects.toThrow(
      'expected a schedule of less than 64 MB',
    );
  });
});
