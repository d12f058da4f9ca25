import type { DispatchrClient, TaskFilter, TaskSummary } from '@dispatchr/client';
import { DispatchrError } from '@dispatchr/client';
import { describe, expect, it } from 'vitest';
import { createFollower, MOST_REMEMBERED, NEWEST_A_ROUND, READ_A_ROUND } from './follow-tasks.ts';

/** A recorder in memory, with the calls that a follower makes; `tasks` are the newest last. */
function createRecorder() {
  const tasks: TaskSummary[] = [];
  const reads: string[] = [];
  const client: Pick<DispatchrClient, 'list' | 'get'> = {
    list: ({ limit = 50, state }: TaskFilter = {}) => {
      const items = tasks.filter((one) => state === undefined || one.state === state);
      return {
        async *pages() {
          yield { items: items.toReversed().slice(0, limit), nextCursor: 'more' };
          throw new Error('expected one page of a list, got a call for the second');
        },
        [Symbol.asyncIterator]: () => {
          throw new Error('expected a call for pages');
        },
      };
    },
    get: async (id) => {
      reads.push(id);
      const found = tasks.find((one) => one.id === id);
      if (found) return { ...found, taskArgs: 'content', waiting: { reason: 'ready' } };
      const type = 'urn:dispatchr:problem:task-not-found';
      throw new DispatchrError('GET', { type, status: 404, title: 'There is no such task' });
    },
  };
  return { tasks, reads, client: client as DispatchrClient };
}

function task(id: string, members: Partial<TaskSummary> = {}): TaskSummary {
  return { id, state: 'pending', attempt: 0, dueAt: '', createdAt: '', ...members } as TaskSummary;
}

const many = (count: number, members: Partial<TaskSummary> = {}): TaskSummary[] =>
  Array.from({ length: count }, (_, index) => task(`task-${index}`, members));
const stateOf = ({ id, state }: TaskSummary): string => `${id} ${state}`;

describe('a follower', () => {
  it('tells of what is there first, the oldest first, and then of what appears or changes', async () => {
    const { tasks, client } = createRecorder();
    tasks.push(task('a'), task('b'));
    const follower = createFollower(client, {});
    expect((await follower.round()).map(stateOf)).toEqual(['a pending', 'b pending']);
    expect(await follower.round()).toEqual([]);
    tasks[0] = task('a', { state: 'running', attempt: 1 });
    tasks.push(task('c'));
    expect((await follower.round()).map(stateOf)).toEqual(['a running', 'c pending']);
  });

  it('tells of a retry although the state is the same as before', async () => {
    const { tasks, client } = createRecorder();
    tasks.push(task('a'));
    const follower = createFollower(client, {});
    await follower.round();
    tasks[0] = task('a', { attempt: 1, dueAt: 'later' });
    expect((await follower.round()).map(stateOf)).toEqual(['a pending']);
  });

  it('reads unfinished tasks that are no longer among the newest, a bounded number in turn, until they end', async () => {
    const { tasks, reads, client } = createRecorder();
    tasks.push(...many(NEWEST_A_ROUND));
    const follower = createFollower(client, {});
    await follower.round();
    tasks.push(
      ...many(NEWEST_A_ROUND, { state: 'completed' }).map((one) => ({ ...one, id: `new-${one.id}` })),
    );
    tasks[0] = task('task-0', { state: 'failed' });
    tasks[70] = task('task-70', { state: 'failed' });
    expect(await follower.round()).toHaveLength(NEWEST_A_ROUND + 1);
    expect(reads).toHaveLength(READ_A_ROUND);
    const rounds = [
      await follower.round(),
      await follower.round(),
      await follower.round(),
      await follower.round(),
    ];
    expect(rounds.flat()).toEqual([task('task-70', { state: 'failed' })]);
    await follower.round();
    expect(reads.filter((id) => id === 'task-0')).toEqual(['task-0']);
    expect(reads.filter((id) => id === 'task-1').length).toBeGreaterThan(1);
  });

  it('forgets the oldest of more unfinished tasks than it remembers', async () => {
    const { tasks, reads, client } = createRecorder();
    const follower = createFollower(client, {});
    for (const one of many(MOST_REMEMBERED + 2 * NEWEST_A_ROUND)) {
      tasks.push(one);
      if (tasks.length % NEWEST_A_ROUND === 0) await follower.round();
    }
    reads.length = 0;
    const rounds = Math.ceil(tasks.length / READ_A_ROUND) + 1;
    for (let round = 0; round < rounds; round += 1) await follower.round();
    expect(new Set(reads).size).toBe(MOST_REMEMBERED - NEWEST_A_ROUND);
  });

  it('tells with a state of changes into it alone, again and again', async () => {
    const { tasks, client } = createRecorder();
    tasks.push(task('a', { state: 'failed', finishedAt: '1' }), task('b'));
    const follower = createFollower(client, { state: 'failed' });
    expect((await follower.round()).map(stateOf)).toEqual(['a failed']);
    tasks[0] = task('a');
    expect(await follower.round()).toEqual([]);
    tasks[0] = task('a', { state: 'failed', finishedAt: '2' });
    expect((await follower.round()).map(stateOf)).toEqual(['a failed']);
  });

  it('does not tell with a state of what leaves it', async () => {
    const { tasks, client } = createRecorder();
    tasks.push(task('a', { state: 'running', attempt: 1 }));
    const follower = createFollower(client, { state: 'running' });
    expect((await follower.round()).map(stateOf)).toEqual(['a running']);
    tasks[0] = task('a', { attempt: 1 });
    expect(await follower.round()).toEqual([]);
    tasks[0] = task('a', { state: 'running', attempt: 2 });
    expect((await follower.round()).map(stateOf)).toEqual(['a running']);
  });

  it('goes on after a task that was deleted', async () => {
    const { tasks, client } = createRecorder();
    tasks.push(task('a'), task('b'));
    const follower = createFollower(client, {});
    await follower.round();
    tasks.shift();
    expect(await follower.round()).toEqual([]);
  });
});
