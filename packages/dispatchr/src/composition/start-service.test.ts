import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES, StartError } from './start-error.ts';
import { startService } from './start-service.ts';

let dataDir: string;
beforeAll(() => (dataDir = mkdtempSync(join(tmpdir(), 'dispatchr-service-'))));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('startService', () => {
  it(
    'serves on a free port, logs to the given logger, and gives the folder free when stopped',
    { timeout: 120_000 },
    async () => {
      const { logger, lines } = recordingLogger();
      const first = await startService({ dataDir, port: 0, retentionFailedMs: 5000 }, { logger });
      expect(
        lines.find((line) => line['schedulerId'] === first.schedulerId && line['url'] === first.url),
      ).toBeDefined();

      const discovery = await (await fetch(`${first.url}/.well-known/dispatchr`)).json();
      expect(discovery).toMatchObject({
        durability: 'process',
        limits: { retentionFailedMs: 5000, idempotencyWindowMs: 5000 },
        targetPolicy: { loopback: true, private: true },
      });
      expect(discovery).toMatchObject({ features: expect.not.arrayContaining(['signatures']) });

      await Promise.all([first.stop(), first.stop()]);
      await expect(fetch(`${first.url}/livez`)).rejects.toThrow('fetch failed');

      const secret = `whsec_${'A'.repeat(32)}`;
      const second = await startService({ dataDir, port: 0, signingSecrets: [secret] }, { logger });
      const again = await (await fetch(`${second.url}/.well-known/dispatchr`)).json();
      expect(again).toMatchObject({ features: expect.arrayContaining(['signatures']) });
      expect(second.schedulerId).not.toBe(first.schedulerId);
      await second.stop();
    },
  );

  it('refuses unknown settings by name', async () => {
    const refused = startService({ prot: 1 } as object);
    await expect(refused).rejects.toThrow('prot in the settings: unknown setting (did you mean port?)');
  });

  it('leaves nothing open when it cannot listen', { timeout: 120_000 }, async () => {
    const { logger } = recordingLogger();
    const owner = await startService({ dataDir, port: 0 }, { logger });
    const port = Number(new URL(owner.url!).port);
    const other = join(dataDir, 'other');
    for (const _ of [1, 2]) {
      const error = await startService({ dataDir: other, port }, { logger }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(StartError);
      // A folder left locked would be the second try's complaint.
      expect(error).toMatchObject({
        exitCode: EXIT_CODES.unavailable,
        message: expect.stringContaining('port is in use'),
      });
    }
    await owner.stop();
  });
});

function recordingLogger() {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}
