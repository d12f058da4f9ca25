import { lookup as systemLookup } from 'node:dns/promises';
import { checkAddress } from '@dispatchr/lifecycle';
import { createAttempts } from './attempt.ts';
import { ClaimLoop } from './claim-loop.ts';
import { sleep, type Clock } from './clock.ts';
import { watchContact } from './contact.ts';
import { createConnect, type Lookup } from './delivery/connect.ts';
import { createDeliverer, type Deliverer } from './delivery/deliver.ts';
import { parseSigningSecrets } from './delivery/signature.ts';
import { createLeases } from './leases.ts';
import { resolveOptions, type ResolvedOptions, type SchedulerOptions } from './options.ts';
import { createSettler } from './settle.ts';
import { createScheduleTicks } from './schedule-ticks.ts';
import { Slots } from './slots.ts';
import { subscribeToHints } from './subscribe-to-hints.ts';
import { createSweep } from './sweep.ts';
import { TargetHealth } from './target-health/target-health.ts';
import { createUnansweredClaims } from './unanswered-claims.ts';

/** Claims due tasks, delivers them to their targets, and settles what came of it. */
export interface Scheduler {
  /** Begins to claim; resolves at once, or on an embedded database when what a crash left running is taken over. */
  start(): Promise<void>;
  /** Something may be due now. */
  wake(): void;
  /**
   * Claims nothing more, releases what waits, gives what is in flight `graceMs` (default `gracePeriodMs`) and then
   * releases it too. Resolves at most 2 s after that. Called again, or when `signal` aborts, it ends at once.
   */
  stop(how?: { graceMs?: number; signal?: AbortSignal }): Promise<void>;
}

/** How long the end may take beyond the grace period, in milliseconds, for a database that is briefly away. */
const LAST_SETTLES_MS = 1500;

/**
 * A scheduler that is not started yet; throws a `RangeError` that names what is wrong with the options.
 * Tests hand in a `deliverer` that sends nothing.
 */
export function createScheduler(given: SchedulerOptions, deliverer?: Deliverer): Scheduler {
  const options = resolveOptions(given);
  const { clock, logger } = options;
  const parts = assemble(options, deliverer ?? delivererOf(options));
  const stopped = new AbortController();
  const leasesStopped = new AbortController();
  const atOnce = new AbortController();
  const loops: Promise<void>[] = [];
  let stopping: Promise<void> | undefined;

  const end = async (graceMs: number): Promise<void> => {
    logger.info({ graceMs, ...inHand(parts.slots.load()) }, 'the scheduler stops');
    stopped.abort();
    parts.slots.close();
    // A claim that is under way still brings tasks, which must be released too.
    const empty = Promise.all(loops).then(() => parts.slots.whenEmpty());
    await waitFor(empty, clock, graceMs, atOnce.signal);
    parts.slots.abortInFlight();
    await waitFor(empty, clock, LAST_SETTLES_MS, atOnce.signal);
    parts.settler.giveUp();
    leasesStopped.abort();
    parts.deliverer.close();
    logger.info(inHand(parts.slots.load()), 'the scheduler is stopped');
  };
  return {
    async start() {
      if (stopping !== undefined || loops.length > 0)
        throw new Error('expected a scheduler that is new, got one started before');
      if (options.store.kind === 'embedded') await parts.sweep.takeOverEveryLease();
      if (stopped.signal.aborted) return;
      void parts.leases.run(leasesStopped.signal);
      loops.push(parts.claimLoop.run(stopped.signal), parts.sweep.run(stopped.signal));
      loops.push(subscribeToHints(options, () => parts.claimLoop.wake(), stopped.signal));
      loops.push(parts.targets.run(stopped.signal), parts.scheduleTicks.run(stopped.signal));
      logger.info(
        { schedulerId: options.schedulerId, concurrency: options.concurrency },
        'the scheduler is started',
      );
    },
    wake: () => parts.claimLoop.wake(),
    stop({ graceMs = options.gracePeriodMs, signal } = {}) {
      if (stopping !== undefined) atOnce.abort();
      if (signal?.aborted === true) atOnce.abort();
      signal?.addEventListener('abort', () => atOnce.abort(), { once: true });
      return (stopping ??= end(graceMs));
    },
  };
}

/** Builds the parts and ties them together; the loop and the slots need each other. */
function assemble(options: ResolvedOptions, deliverer: Deliverer) {
  const { clock, random, logger } = options;
  const { store, contact } = watchContact(options.store, clock);
  const leases = createLeases(store, clock, logger);
  const onPending = (delayMs: number): void => claimLoop.wakeIn(delayMs);
  const settler = createSettler({ ...options, store, onPending });
  const signingKeys = parseSigningSecrets(options.signingSecrets);
  const targets: TargetHealth = new TargetHealth({
    ...options,
    store,
    onHeld: () => slots.dropHeld(),
    onLetGo: () => claimLoop.wake(),
  });
  const slots: Slots = new Slots({
    concurrency: options.concurrency,
    attempts: createAttempts({
      deliverer,
      settler,
      clock,
      random,
      logger,
      signingKeys,
      version: options.version,
      onEnd: ({ task }, ended) => targets.noteEnd(task, ended),
    }),
    targets,
    clock,
    logger,
    onRoom: () => claimLoop.noticeRoom(),
    onDone: (held) => {
      leases.drop(held);
      // Its gate has room again, which the others may not see for a moment.
      if (held.task.isGated) claimLoop.wake();
    },
  });
  const unanswered = createUnansweredClaims({ ...options, store, leases, settler });
  const claimLoop: ClaimLoop = new ClaimLoop({ ...options, store, slots, leases, unanswered });
  const sweep = createSweep({ ...options, store, contact, leases, onPending });
  const scheduleTicks = createScheduleTicks({ ...options, store });
  return { claimLoop, deliverer, leases, scheduleTicks, settler, slots, sweep, targets };
}

function delivererOf({
  clock,
  concurrency,
  targetPolicy,
  lookup = lookUpAll,
  tls,
}: ResolvedOptions): Deliverer {
  const connect = createConnect({
    lookup,
    checkAddress: (address, port) => checkAddress(targetPolicy, address, port),
    clock,
    ...(tls === undefined ? {} : { tls }),
  });
  return createDeliverer({ connect, clock, maxIdleConnections: concurrency });
}

const lookUpAll: Lookup = (hostname) => systemLookup(hostname, { all: true });

function inHand(load: { inFlight: number; buffered: number; settling: number }): object {
  return { inFlight: load.inFlight, buffered: load.buffered, settling: load.settling };
}

/** Waits for the promise, but for `ms` milliseconds at most, and not once `signal` aborts. */
async function waitFor(
  promise: Promise<unknown>,
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise, sleep(clock, ms, AbortSignal.any([signal, over.signal]))]);
  over.abort();
}
