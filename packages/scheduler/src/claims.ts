import { defaultWeight, isLimited, roomOf } from '@dispatchr/lifecycle';
import type {
  ClaimedTask,
  ClaimLimits,
  DueLanes,
  DueQueue,
  FlowKeysFound,
  FlowKeyShare,
  Gate,
} from '@dispatchr/store';
import type { SchedulerStore } from './contact.ts';
import { FlowKeyTurns, NOTHING_COUNTED, gateOf, type KeyedClaim, type KeyedQuota } from './flow-key-turns.ts';
import { Intake, type IntakeOptions } from './intake.ts';
import { claimOfRuns, hasRoomToRun } from './run-requests.ts';
import { CapacityShares } from './share-capacity.ts';

/** What `Claims` need. */
export interface ClaimsOptions extends IntakeOptions {
  store: SchedulerStore;
  schedulerId: string;
}

/** What came of a look and the claims after it. */
export interface ClaimsMade {
  readonly claimed: number;
  /** Whether something was due that others, or limits of origins, kept from being claimed. */
  readonly isContended: boolean;
  /** Whether flow keys are left that had no turn yet. */
  readonly isUnfinished: boolean;
  /** Milliseconds until limits let more through, as far as it is known; else Infinity. */
  readonly moreInMs: number;
}

/** What a queue may claim by flow keys, and which of them have something due. */
interface Searched extends KeyedQuota {
  readonly found: FlowKeysFound;
  /** Whether the search began with the first flow key. */
  readonly isFromStart: boolean;
}

/** Milliseconds before a full queue is looked at again: what ends here is seen at once, and this is for the others. */
const FULL_PAUSE_MS = 100;

/** Most tasks that operators asked to run in one claim. */
const MOST_RUNS = 100;

/**
 * The claims of one look: what operators run first, then by the weights of the queues. Queues without limits and without
 * a backlog are claimed by their lanes, all others by their flow keys in turn.
 */
export class Claims {
  readonly #options: ClaimsOptions;
  readonly #intake: Intake;
  readonly #shares = new CapacityShares();
  readonly #turns = new FlowKeyTurns();
  /** Queues whose last claim filled its quota: more is due there than is claimed. */
  readonly #backlogged = new Set<string>();
  #isStopped = false;

  constructor(options: ClaimsOptions) {
    this.#options = options;
    this.#intake = new Intake(options);
  }

  /** Asks for no claim any more; one that is under way still brings its tasks. Spec: LEA-020. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Claims at most `capacity` of what a look found, and what operators run. */
  async make(look: DueLanes, capacity: number): Promise<ClaimsMade> {
    const run = look.hasRunRequests ? await this.#claimRuns() : 0;
    const queues = look.queues.filter(({ settings }) => !settings.paused);
    this.#forgetOthers(new Set(queues.map(({ queue }) => queue)));
    const rooms = queues.map(({ settings, count }) => roomOf(settings, count ?? NOTHING_COUNTED));
    const quotas = this.#quotas(
      queues,
      rooms.map(({ room }) => room),
      Math.max(0, capacity - run),
    );
    const searched = await this.#search(quotas.filter(({ queue }) => this.#takesTurns(queue)));
    const isAlone = new Set(searched.filter((search) => hasOneFlowKey(search)).map(({ queue }) => queue));
    const plain = await this.#claimPlain(
      quotas.filter(({ queue }) => !this.#takesTurns(queue) || isAlone.has(queue)),
    );
    const keyed = await this.#claimKeyed(searched.filter(({ queue }) => !isAlone.has(queue)));
    const waits = rooms.map(({ room, moreInMs = FULL_PAUSE_MS }) => (room > 0 ? Infinity : moreInMs));
    const claimed = run + plain + keyed.claimed;
    return {
      claimed,
      isContended: claimed === 0 && quotas.length > 0,
      isUnfinished: keyed.isUnfinished,
      moreInMs: Math.min(keyed.moreInMs, ...waits),
    };
  }

  #quotas(queues: readonly DueQueue[], rooms: readonly number[], capacity: number): KeyedQuota[] {
    const demands = queues.map(({ queue, settings }, index) => ({
      queue,
      weight: settings.weight ?? defaultWeight(queue),
      room: rooms[index] ?? 0,
    }));
    const quotas = this.#shares.share(demands, capacity);
    return queues.flatMap((queue) => {
      const quota = quotas.get(queue.queue);
      return quota === undefined ? [] : [{ queue, quota }];
    });
  }

  #takesTurns(queue: DueQueue): boolean {
    return isAnyLimited(queue) || this.#backlogged.has(queue.queue);
  }

  /** Looks for the flow keys whose turn it is. */
  async #search(quotas: readonly KeyedQuota[]): Promise<Searched[]> {
    if (quotas.length === 0) return [];
    const searches = quotas.map((quota) => this.#turns.search(quota));
    const found = await this.#options.store.findDueFlowKeys(searches);
    return quotas.map((quota, index) => ({
      ...quota,
      found: found[index] ?? { queue: quota.queue.queue, flowKeys: [] },
      isFromStart: this.#turns.isAtStart(quota.queue.queue),
    }));
  }

  async #claimPlain(quotas: readonly KeyedQuota[]): Promise<number> {
    if (quotas.length === 0) return 0;
    const { store, slots, schedulerId: scheduler } = this.#options;
    const queues = quotas.map(({ queue: { queue, priorities, sinces, version }, quota }) => ({
      queue,
      quota,
      priorities,
      ...(sinces && { sinces }),
      version,
    }));
    const claim = { queues, scheduler, ...slots.originLimits() };
    const tasks = await this.#take(quotas, [], () => store.claimDueTasks(claim));
    this.#noteBacklogs(quotas, tasks);
    return tasks.length;
  }

  async #claimKeyed(searched: readonly Searched[]): Promise<Omit<ClaimsMade, 'isContended'>> {
    const parts = searched.map((search) => this.#turns.share(search, search.found));
    const tasks = await this.#claimShares(searched, [
      ...parts,
      ...searched.map(({ queue }) => gateOfQueue(queue)),
    ]);
    const isBackAtStart = ({ queue: { queue } }: Searched): boolean => this.#turns.isAtStart(queue);
    this.#noteBacklogs(
      searched.filter((search) => search.isFromStart && isBackAtStart(search)),
      tasks,
    );
    return {
      claimed: tasks.length,
      isUnfinished: !searched.every((search) => isBackAtStart(search)),
      moreInMs: Math.min(...parts.map(({ moreInMs }) => moreInMs)),
    };
  }

  #noteBacklogs(quotas: readonly KeyedQuota[], tasks: readonly ClaimedTask[]): void {
    const full = filled(quotas, tasks);
    for (const { queue } of quotas) {
      if (full.has(queue.queue)) this.#backlogged.add(queue.queue);
      else this.#backlogged.delete(queue.queue);
    }
  }

  async #claimRuns(): Promise<number> {
    const found = await this.#options.store.findRunRequests({ limit: MOST_RUNS });
    const requests = found.filter((request) => hasRoomToRun(request));
    const quotas = requests.map((queue) => ({ queue, quota: 1 }));
    const runs = requests.map(({ seq }) => seq);
    const past = { runs, heldOrigins: [], heldUrls: [] };
    return (await this.#claimShares(quotas, [claimOfRuns(requests)], past)).length;
  }

  async #claimShares(
    quotas: readonly KeyedQuota[],
    parts: readonly Omit<KeyedClaim, 'moreInMs'>[],
    past: Partial<ClaimLimits> & { runs?: readonly number[] } = {},
  ): Promise<readonly ClaimedTask[]> {
    const { store, slots, schedulerId: scheduler } = this.#options;
    const shares: FlowKeyShare[] = parts.flatMap((part) => part.shares);
    const gates = parts.flatMap((part) => part.gates);
    const missing = parts.flatMap((part) => part.missing);
    if (shares.length === 0) return [];
    if (missing.length > 0) await store.createGates(missing);
    const claim = { shares, gates, scheduler, ...slots.originLimits(), ...past };
    return this.#take(quotas, gates, () => store.claimFlowKeys(claim));
  }

  async #take(
    quotas: readonly KeyedQuota[],
    gates: readonly Gate[],
    claim: () => Promise<ClaimedTask[]>,
  ): Promise<readonly ClaimedTask[]> {
    if (this.#isStopped) return [];
    const settings = new Map(quotas.map(({ queue }) => [queue.queue, queue.settings]));
    return this.#intake.take({ tasks: sumOf(quotas), settings, gates, claim });
  }

  #forgetOthers(queues: ReadonlySet<string>): void {
    this.#turns.keepOnly(queues);
    for (const queue of this.#backlogged) if (!queues.has(queue)) this.#backlogged.delete(queue);
  }
}

/** Whether the queue, or any of its flow keys, has limits. */
function isAnyLimited({ settings, hasLimitedFlowKeys }: DueQueue): boolean {
  return hasLimitedFlowKeys || isLimited(settings) || isLimited(settings.flowLimits ?? {});
}

/** Whether one flow key has all that is due in a queue without limits: it needs no turns, and lanes are cheaper. */
function hasOneFlowKey({ queue, found, isFromStart }: Searched): boolean {
  return isFromStart && found.last === undefined && found.flowKeys.length === 1 && !isAnyLimited(queue);
}

/** A queue's own gate, which its claims pass beside those of its flow keys. */
function gateOfQueue({ queue, settings, count }: DueQueue): Omit<KeyedClaim, 'moreInMs'> {
  const gates = isLimited(settings) ? [gateOf(queue, '', settings)] : [];
  return { shares: [], gates, missing: count === undefined ? gates : [] };
}

/** The queues of which a claim brought all that it might. */
function filled(quotas: readonly KeyedQuota[], tasks: readonly ClaimedTask[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { queue } of tasks) counts.set(queue, (counts.get(queue) ?? 0) + 1);
  const full = quotas.filter(({ queue: { queue }, quota }) => (counts.get(queue) ?? 0) >= quota);
  return new Set(full.map(({ queue }) => queue.queue));
}

function sumOf(quotas: readonly { readonly quota: number }[]): number {
  return quotas.reduce((sum, { quota }) => sum + quota, 0);
}
