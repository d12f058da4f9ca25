import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOG_FILES, type Transition } from '../events.ts';
import type { DatabaseServer } from './database-server.ts';
import { exportTransitions, installTransitionLog } from './transition-log.ts';

describe('the log of transitions', () => {
  let test: TestStore;
  let folder: string;
  let sharedFolder: string;
  let transitions: Transition[];

  beforeAll(async () => {
    test = await openTestStore();
    folder = await mkdtemp(join(tmpdir(), 'chaos-transitions-'));
    sharedFolder = await mkdtemp(join(tmpdir(), 'chaos-shared-'));
    // PostgreSQL may be another user.
    await chmod(sharedFolder, 0o777);
    await installTransitionLog(serverOf(test.url, sharedFolder));
    await liveOneLife(test);
    await exportTransitions(serverOf(test.url, sharedFolder), folder);
    const text = await readFile(join(folder, LOG_FILES.transitions), 'utf8');
    transitions = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Transition);
  });
  afterAll(async () => {
    await test.close();
    await Promise.all([folder, sharedFolder].map((path) => rm(path, { recursive: true })));
  });

  it('has every change of a task, by the token that its producer gave it', () => {
    expect(new Set(transitions.map(({ token }) => token))).toEqual(new Set(['token "1"\\']));
    const changes = transitions.map(
      ({ table, op, row }) => `${op} ${table} ${row.state ?? row.outcome ?? ''}`,
    );
    expect(changes.slice(0, 3)).toEqual([
      'insert tasks ',
      'insert unfinished_tasks pending',
      'update unfinished_tasks running',
    ]);
    // One statement makes them, in no order that means anything.
    expect(new Set(changes.slice(3))).toEqual(
      new Set([
        'insert attempts completed',
        'insert finished_tasks completed',
        'delete unfinished_tasks running',
      ]),
    );
  });

  it('has them in the order in which they were made, with what a checker needs', () => {
    const numbers = transitions.map(({ n }) => n);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    const claim = transitions[2];
    expect(claim?.row).toMatchObject({ attempt: 1, scheduler: 'scheduler-x', lease: expect.any(Number) });
    expect((claim?.row.leaseUntil ?? 0) - (claim?.begunAt ?? 0)).toBeCloseTo(30_000);
    const attempt = transitions.find(({ table }) => table === 'attempts');
    expect(attempt?.row).toMatchObject({ outcome: 'completed', status: 200 });
  });
});

/** Submitted, claimed, and completed. The token has what CSV and JSON would quote. */
async function liveOneLife({ store }: TestStore): Promise<void> {
  await store.submitTask(newTask({ headers: { 'chaos-token': 'token "1"\\' } }));
  const [claimed] = await store.claimDueTasks({
    queues: [{ queue: 'default', quota: 1, priorities: [0], version: '' }],
    scheduler: 'scheduler-x',
    exceptOrigins: [],
    originLimits: [],
    otherOriginLimit: 1,
  });
  if (claimed === undefined) throw new Error('expected the task to be claimed');
  await store.settleAttempt({
    ...claimed,
    settlement: { state: 'completed', attemptsUsed: 0 },
    attempt: { outcome: 'completed', durationMs: 5, status: 200 },
  });
}

function serverOf(url: string, sharedFolder: string): DatabaseServer {
  const administrator = () => postgres(url, { max: 1, onnotice: () => undefined });
  return { sharedFolder, administrator } as unknown as DatabaseServer;
}
