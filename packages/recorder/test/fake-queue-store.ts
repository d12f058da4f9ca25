import { DEFAULT_WEIGHTS } from '@dispatchr/lifecycle';
import { DatabaseUnavailableError } from '@dispatchr/store';
import type {
  DeleteQueueResult,
  FlowKeyRecord,
  NamedPage,
  NamedPageRequest,
  QueueRecord,
  QueueStore,
} from '@dispatchr/store';

const NOTHING = { pending: 0, due: 0, running: 0 };

/** Queues in memory, which know nothing of tasks: a test says what is in them. */
export class FakeQueueStore implements QueueStore {
  readonly queues = new Map<string, QueueRecord>(
    [...DEFAULT_WEIGHTS.keys()].map((name) => [name, { name, paused: false, ...NOTHING }]),
  );
  readonly flowKeys = new Map<string, FlowKeyRecord[]>();
  isAway = false;

  async listQueues(page: NamedPageRequest): Promise<NamedPage<QueueRecord>> {
    this.refuseWhileAway();
    return pageOf([...this.queues.values()], page, ({ name }) => name);
  }

  async findQueue(name: string): Promise<QueueRecord | undefined> {
    this.refuseWhileAway();
    return this.queues.get(name);
  }

  async putQueue(name: string, change: Parameters<QueueStore['putQueue']>[1]): Promise<QueueRecord> {
    const before = (await this.findQueue(name)) ?? { name, paused: false, ...NOTHING };
    const after = { paused: false, ...withoutNulls({ ...before, ...change }) } as QueueRecord;
    this.queues.set(name, after);
    return after;
  }

  async purgeQueue(name: string, { dryRun }: { dryRun: boolean }): Promise<number | undefined> {
    const queue = await this.findQueue(name);
    if (queue && !dryRun) this.queues.set(name, { ...queue, pending: 0, due: 0 });
    return queue?.pending;
  }

  async deleteQueue(name: string): Promise<DeleteQueueResult> {
    const queue = await this.findQueue(name);
    if (!queue) return { kind: 'not-found' };
    const unfinished = queue.pending + queue.running;
    if (unfinished > 0) return { kind: 'not-empty', unfinished };
    this.queues.delete(name);
    return { kind: 'deleted' };
  }

  async listFlowKeys(queue: string, page: NamedPageRequest): Promise<NamedPage<FlowKeyRecord> | undefined> {
    if ((await this.findQueue(queue)) === undefined) return undefined;
    return pageOf(this.flowKeys.get(queue) ?? [], page, ({ flowKey }) => flowKey);
  }

  async putFlowKey(
    queue: string,
    flowKey: string,
    change: Parameters<QueueStore['putFlowKey']>[2],
  ): Promise<FlowKeyRecord> {
    await this.putQueue(queue, {});
    const others = this.flowKeys.get(queue) ?? [];
    const before = others.find((other) => other.flowKey === flowKey) ?? { flowKey, ...NOTHING };
    const after = withoutNulls({ ...before, ...change }) as FlowKeyRecord;
    this.flowKeys.set(queue, [...others.filter((other) => other.flowKey !== flowKey), after]);
    return after;
  }

  /** Throws as every method of the store does while the database is away. */
  protected refuseWhileAway(): void {
    if (this.isAway) throw new DatabaseUnavailableError('password of the database: hunter2');
  }
}

function withoutNulls(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

/** A page of what is ordered by name. */
export function pageOf<T>(
  all: readonly T[],
  { limit, after = '' }: NamedPageRequest,
  nameOf: (item: T) => string,
): NamedPage<T> {
  const behind = all
    .filter((item) => nameOf(item) > after)
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const items = behind.slice(0, limit);
  const last = items.at(-1);
  return behind.length > limit && last !== undefined ? { items, next: nameOf(last) } : { items };
}
