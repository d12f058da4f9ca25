import { randomUUID } from 'node:crypto';
import type { NewTask } from '@dispatchr/store';

/** A task with an id of its own that is due now, for tests; members that are given replace its own. */
export function newTask(members: Partial<NewTask> = {}): NewTask {
  const { target = 'http://127.0.0.1:9/tasks' } = members;
  const { origin } = new URL(target);
  return {
    id: randomUUID(),
    target,
    origin,
    taskName: 'send-mail',
    taskArgs: '{"to":"ada@example.org"}',
    queue: 'default',
    flowKey: origin,
    priority: 0,
    ...members,
  };
}
