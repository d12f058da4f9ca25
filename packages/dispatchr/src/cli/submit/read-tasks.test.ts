import { describe, expect, it } from 'vitest';
import { readTasks } from './read-tasks.ts';
import type { TaskGroup } from './read-tasks.ts';

async function read(...chunks: string[]): Promise<TaskGroup[]> {
  async function* given(): AsyncGenerator<string> {
    yield* chunks;
  }
  const groups: TaskGroup[] = [];
  for await (const group of readTasks(given())) groups.push(group);
  return groups;
}

describe('readTasks', () => {
  it('reads one task over several lines', async () => {
    expect(await read('{\n "target"', ': "a"\n}\n')).toEqual([{ tasks: [{ target: 'a' }] }]);
  });

  it('reads an array as one batch', async () => {
    expect(await read(' [{"id":"a"},\n{"id":"b"}]')).toEqual([{ tasks: [{ id: 'a' }, { id: 'b' }] }]);
  });

  it('reads a task from each line, wherever the chunks end, and passes over empty lines', async () => {
    const text = '{"id":"a"}\n\n{"id":"b"}\r\n{"id":"c"}';
    const expected = [{ place: 'lines 1 to 4', tasks: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }];
    expect(await read(text)).toEqual(expected);
    expect(await read(...text)).toEqual(expected);
  });

  it('reads a single line', async () => {
    expect(await read('{"id":"a"}\n')).toEqual([{ place: 'line 1', tasks: [{ id: 'a' }] }]);
  });

  it('groups lines by 1,000 and says where each group stood', async () => {
    const groups = await read('{"id":"a"}\n'.repeat(2001));
    expect(groups.map(({ place, tasks }) => [place, tasks.length])).toEqual([
      ['lines 1 to 1000', 1000],
      ['lines 1001 to 2000', 1000],
      ['line 2001', 1],
    ]);
  });

  it('ends a group before it is too large for a request', async () => {
    const line = `${JSON.stringify({ taskArgs: 'x'.repeat(3_000_000) })}\n`;
    expect((await read(line, line)).map(({ place }) => place)).toEqual(['line 1', 'line 2']);
  });

  it.each<[string, string]>([
    ['', 'expected a task on standard input, got nothing'],
    ['[]', 'got an empty array'],
    ['17', 'standard input: expected a task, a JSON object, got 17'],
    ['[{},"x"]', 'task 2: expected a task, a JSON object, got "x"'],
    ['{"id":"a"}\n{"id":', 'line 2: expected JSON, got:'],
    ['{"id":"a"}\nnull', 'line 2: expected a task, a JSON object, got null'],
    [
      `[${'{},'.repeat(1000)}{}]`,
      'expected at most 1000 tasks in an array, got 1001; put one task on each line',
    ],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
