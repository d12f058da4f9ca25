import type { Fault, FaultName } from '../events.ts';
import { createRandom, type Random } from '../load/random.ts';
import { DATABASE_FAULTS } from './database-faults.ts';
import { type FaultKind, pause, type Scene } from './fault-kind.ts';
import { LOAD_FAULTS } from './load-faults.ts';
import { NETWORK_FAULTS } from './network-faults.ts';
import { trapPoison } from './poison.ts';
import { PROCESS_FAULTS } from './process-faults.ts';

/** Every kind of fault that can be injected. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...PROCESS_FAULTS,
  ...DATABASE_FAULTS,
  ...NETWORK_FAULTS,
  ...LOAD_FAULTS,
];

/** Brief faults that are done at the same time, at most; one long one beside them. */
const BRIEF_LANES = 3;
const LONGEST_PAUSE_MS = 1500;

export interface InjectorOptions {
  readonly scene: Omit<Scene, 'heal'>;
  readonly seed: number;
  /** Which kinds; default: all that this machine can do. */
  readonly only?: readonly FaultName[];
  /** What there is to choose from; default: everything. */
  readonly kinds?: readonly FaultKind[];
}

/** Strikes until it is told to stop. */
export interface Injector {
  /** Faults that are over, by name. */
  readonly counts: ReadonlyMap<FaultName, number>;
  /** What is going on now, for people. */
  underWay(): readonly string[];
  /** Begins no more faults; settles when those under way are healed, and throws what one of them threw. */
  stop(): Promise<void>;
}

/** Starts to inject faults, several at once, each chosen by the seed. */
export function startInjector(options: InjectorOptions): Injector {
  const { seed, only } = options;
  const heal = new AbortController();
  const scene: Scene = { ...options.scene, heal: heal.signal };
  const kinds = (options.kinds ?? FAULT_KINDS).filter(
    (kind) => (only === undefined || only.includes(kind.name)) && kind.isPossible?.(scene) !== false,
  );
  const counts = new Map<FaultName, number>();
  const held = new Set<string>();
  const underWay = new Set<string>();

  const strike = async (kind: FaultKind, victim: string, random: Random): Promise<void> => {
    const label = `${kind.name} of ${victim}`;
    held.add(victim);
    underWay.add(label);
    try {
      const from = Date.now();
      const detail = await kind.strike(scene, victim, random);
      if (kind.isTrap === true) return;
      write({
        kind: 'fault',
        name: kind.name,
        victim,
        from,
        until: Date.now(),
        ...(detail !== undefined && { detail }),
      });
    } finally {
      held.delete(victim);
      underWay.delete(label);
    }
  };
  const write = (fault: Fault): void => {
    scene.cluster.faults.write(fault);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
  };
  const runLane = async (number: number, ofLane: readonly FaultKind[]): Promise<void> => {
    const random = createRandom(seed, 1_000_000 + number);
    while (!heal.signal.aborted && ofLane.length > 0) {
      const chosen = choose(ofLane, counts, random, (part) => freeVictims(scene, part, held));
      if (chosen !== undefined) await strike(chosen.kind, chosen.victim, random);
      await pause(random.between(0, LONGEST_PAUSE_MS), heal.signal);
    }
  };
  const isPoisonAsked = kinds.some(({ name }) => name === 'poison-task');
  const poison = isPoisonAsked ? trapPoison(scene, write) : undefined;
  const [brief, long] = [false, true].map((isLong) =>
    kinds.filter((kind) => (kind.isLong ?? false) === isLong),
  );
  const lanes = [...Array.from({ length: BRIEF_LANES }, () => brief), long];
  const done = Promise.all(lanes.map((ofLane, number) => runLane(number, ofLane ?? [])));
  done.catch(() => heal.abort());
  return {
    counts,
    underWay: () => [...underWay],
    async stop() {
      heal.abort();
      await done;
      await poison?.settled();
    },
  };
}

/** In proportion to the weights, and sooner the seldomer it was; undefined where everything is held. */
function choose(
  kinds: readonly FaultKind[],
  counts: ReadonlyMap<FaultName, number>,
  random: Random,
  victimsOf: (part: FaultKind['part']) => readonly string[],
): { kind: FaultKind; victim: string } | undefined {
  const possible = kinds
    .map((kind) => ({ kind, victims: victimsOf(kind.part) }))
    .filter(({ victims }) => victims.length > 0);
  const weighed = possible.map(({ kind, victims }) => ({
    kind,
    victims,
    weight: kind.weight / (1 + (counts.get(kind.name) ?? 0) / kind.weight),
  }));
  let left = random.next() * weighed.reduce((sum, { weight }) => sum + weight, 0);
  for (const { kind, victims, weight } of weighed) {
    left -= weight;
    if (left < 0) return { kind, victim: random.pick(victims) };
  }
  return undefined;
}

/** One recorder is always left alone, so that producers go on. */
function freeVictims(
  { cluster }: Scene,
  part: FaultKind['part'],
  held: ReadonlySet<string>,
): readonly string[] {
  if (part !== 'recorder' && part !== 'scheduler') return held.has(part) ? [] : [part];
  const slots = part === 'recorder' ? cluster.recorders : cluster.schedulers;
  const free = slots.map(({ name }) => name).filter((name) => !held.has(name));
  return free.length > 1 ? free : [];
}
