import { THE_DATABASE, type FaultKind } from './fault-kinds.ts';
import { createRandom, type Random } from './random.ts';
import type { Producers } from './simulated-producers.ts';
import type { ProcessSlot } from './simulated-schedulers.ts';
import { canDie, MORTAL_ORIGINS, type TaskPlan } from './task-plans.ts';
import type { World } from './world.ts';

/** A fault that is to happen. */
export interface Strike {
  readonly kind: FaultKind;
  readonly atMs: number;
  /** Decides whom it strikes, and how hard. */
  readonly pick: number;
}

/** What a strike can reach. */
export interface Targets {
  readonly world: World;
  readonly schedulers: readonly ProcessSlot[];
  readonly producers: Producers;
  /** Tasks that nobody submitted yet, for a burst. */
  readonly takeSpare: (count: number, fits: (plan: TaskPlan) => boolean) => readonly TaskPlan[];
}

/** Lets a fault happen now; those of single calls and deliveries wait for the next that fits. */
export function strike(targets: Targets, { kind, pick }: Strike): void {
  const random = createRandom(pick, kind);
  const act = ACTIONS[kind];
  if (act === undefined) {
    targets.world.faults.arm(kind, random);
    return;
  }
  const struck = act(targets, random);
  if (struck !== undefined) note(targets, kind, struck);
}

interface Struck {
  readonly whom: string;
  readonly forMs: number;
}

/** Answers with whom it struck and for how long, unless that shows later. */
type Action = (targets: Targets, random: Random) => Struck | undefined;

function note({ world: { time, history } }: Targets, kind: FaultKind, { whom, forMs }: Struck): void {
  const fromMs = time.nowMs();
  history.faults.push({ kind, whom, fromMs, untilMs: fromMs + forMs });
}

const ACTIONS: Partial<Record<FaultKind, Action>> = {
  'database-outage': ({ world }, random) => beAway(world, 'refusing', mostlyBriefMs(random, 45_000)),
  'database-silent': ({ world }, random) => beAway(world, 'silent', mostlyBriefMs(random, 45_000)),
  'database-restart': ({ world }, random) => beAway(world, 'refusing', random.between(50, 1500)),
  'database-slow': ({ world: { database, time } }, random) => {
    const forMs = mostlyBriefMs(random, 15_000);
    database.health.slowness = random.between(20, 800);
    time.in(forMs, () => (database.health.slowness = 1));
    return { whom: THE_DATABASE, forMs };
  },
  'database-read-only': ({ world: { database, time } }, random) => {
    const forMs = mostlyBriefMs(random, 15_000);
    database.health.readOnly = true;
    time.in(forMs, () => (database.health.readOnly = false));
    return { whom: THE_DATABASE, forMs };
  },
  'database-clock-jump': ({ world: { database } }, random) => {
    database.jumpClock(random.between(100, 45_000));
    return { whom: THE_DATABASE, forMs: 0 };
  },
  'connections-terminated': ({ world: { database } }) => {
    database.terminateConnections();
    return { whom: THE_DATABASE, forMs: 0 };
  },
  'rows-held': ({ world: { database } }, random) => {
    const forMs = mostlyBriefMs(random, 60_000);
    const seqs = [...database.tables.unfinished.keys()].filter(() => random.chance(0.3));
    database.holdRows(seqs, forMs);
    return { whom: THE_DATABASE, forMs };
  },
  'row-unsettleable': ({ world: { database, time } }, random) => {
    const forMs = random.between(5000, 150_000);
    const tasks = [...database.tables.unfinished.values()];
    const task = tasks.length === 0 ? undefined : random.pick(tasks);
    if (task === undefined) return { whom: THE_DATABASE, forMs: 0 };
    database.unsettleable.add(task.seq);
    time.in(forMs, () => database.unsettleable.delete(task.seq));
    return { whom: task.id, forMs };
  },
  kill: (targets, random) => {
    const { process } = random.pick(targets.schedulers);
    process.end();
    return { whom: process.name, forMs: 0 };
  },
  'recorder-kill': ({ producers }, random) => {
    const which = random.whole(0, 1);
    producers.killRecorder(which);
    return { whom: `recorder-${which}`, forMs: 0 };
  },
  'stall-briefly': (targets, random) => stall(targets, random, random.between(100, 12_000)),
  'stall-past-lease': (targets, random) => stall(targets, random, random.between(30_500, 65_000)),
  terminate: (targets, random) => terminate(targets, random),
  'terminate-twice': (targets, random) => terminate(targets, random, random.between(0, 3000)),
  'wall-clock-jump': (targets, random) => {
    const { process } = random.pick(targets.schedulers);
    process.skew.wallAheadMs += random.between(-7_200_000, 7_200_000);
    return { whom: process.name, forMs: 0 };
  },
  'target-dies': ({ world: { outages, time }, producers, takeSpare }, random) => {
    const whom = random.pick(MORTAL_ORIGINS);
    const fitting = takeSpare(random.whole(10, 18), ({ origin }) => origin === whom);
    const forMs = random.between(4000, 20_000);
    outages.add(whom);
    time.in(forMs, () => outages.delete(whom));
    for (const plan of fitting) time.in(random.between(0, 1000), () => producers.submitNow(plan));
    return { whom, forMs };
  },
  burst: ({ producers, takeSpare }, random) => {
    for (const plan of takeSpare(random.whole(2, 5), isSlow)) producers.submitNow(plan);
    return { whom: 'all', forMs: 0 };
  },
};

const isSlow = ({ origin }: TaskPlan): boolean => !canDie(origin);

/** Long enough now and then to outlast leases, and brief enough for something to happen between two. */
function mostlyBriefMs(random: Random, mostMs: number): number {
  return random.chance(0.1) ? random.between(3000, mostMs) : random.between(50, 2000);
}

function beAway({ database, time }: World, how: 'refusing' | 'silent', forMs: number) {
  database.health.away = how;
  database.terminateConnections();
  time.in(forMs, () => (database.health.away = undefined));
  return { whom: THE_DATABASE, forMs };
}

function stall({ schedulers }: Targets, random: Random, forMs: number) {
  const { process } = random.pick(schedulers);
  process.stall(forMs);
  return { whom: process.name, forMs };
}

/** SIGTERM under load: some more tasks come, and then whoever has most of them in hand is told to stop. */
function terminate(targets: Targets, random: Random, againMs?: number): undefined {
  const { world, schedulers, producers, takeSpare } = targets;
  for (const plan of takeSpare(random.whole(3, 9), isSlow)) producers.submitNow(plan);
  world.time.in(random.between(400, 3000), () => {
    const runningOf = (slot: ProcessSlot) => runningTasks(world, slot).length;
    const slot = schedulers.toSorted((a, b) => runningOf(b) - runningOf(a))[0]!;
    const kind = againMs === undefined ? 'terminate' : 'terminate-twice';
    note(targets, kind, { whom: slot.process.name, forMs: 30_000 });
    // Somebody cancels what is under way just then.
    for (const { id } of runningTasks(world, slot)) if (random.chance(0.35)) producers.cancel(id);
    slot.terminate(random.pick([0, 300, 1500, 2500, 2500, 4000, 4000, 25_000]), againMs);
  });
}

function runningTasks({ database }: World, { process }: ProcessSlot): { id: string }[] {
  return [...database.tables.unfinished.values()].filter(
    ({ unfinished }) => unfinished.scheduler === process.name,
  );
}
