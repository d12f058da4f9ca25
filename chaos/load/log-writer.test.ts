import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from './log-writer.ts';

describe('a log', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dispatchr-chaos-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps every line in order, also those that no flush was due for', async () => {
    const file = join(folder, 'log.ndjson');
    const log = createLog<{ n: number }>(file);
    const events = Array.from({ length: 20_000 }, (_, n) => ({ n }));
    for (const event of events) log.write(event);
    await log.close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
  });

  it('takes no event after its end', async () => {
    const log = createLog<object>(join(folder, 'log.ndjson'));
    await log.close();
    expect(() => log.write({})).toThrow('expected no event after the log was closed');
  });

  it('says at its end that it could not be written', async () => {
    const log = createLog<object>(join(folder, 'absent', 'log.ndjson'));
    log.write({});
    await expect(log.close()).rejects.toThrow('ENOENT');
  });
});
