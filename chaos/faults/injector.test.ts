import { describe, expect, it } from 'vitest';
import type { FaultEvent } from '../events.ts';
import type { FaultKind, Scene } from './fault-kind.ts';
import { startInjector } from './injector.ts';

describe('startInjector', () => {
  it('leaves one recorder alone, whatever it does to the other', async () => {
    const { scene } = createScene();
    const gate = createGate();
    const injector = startInjector({ scene, seed: 1, kinds: [kindThatWaits('recorder', gate)] });
    expect(injector.underWay()).toHaveLength(1);
    gate.open();
    await injector.stop();
  });

  it('strikes no process twice at the same time, and leaves one scheduler alone', async () => {
    const { scene } = createScene();
    const gate = createGate();
    const injector = startInjector({ scene, seed: 1, kinds: [kindThatWaits('scheduler', gate)] });
    expect(new Set(injector.underWay()).size).toBe(2);
    gate.open();
    await injector.stop();
  });

  it('writes down whom it hit, from when until when, once it is healed', async () => {
    const { scene, written } = createScene();
    const gate = createGate();
    const injector = startInjector({ scene, seed: 1, kinds: [kindThatWaits('database', gate)] });
    expect(written).toEqual([]);
    gate.open();
    await injector.stop();
    expect(written[0]).toMatchObject({
      kind: 'fault',
      name: 'proxy-cut',
      victim: 'database',
      detail: 'done',
    });
    expect(injector.counts.get('proxy-cut')).toBe(written.length);
  });

  it('leaves a trap to whoever sees it snap', async () => {
    const { scene, written } = createScene();
    const gate = createGate();
    const trap = { ...kindThatWaits('load', gate), isTrap: true };
    const injector = startInjector({ scene, seed: 1, kinds: [trap] });
    gate.open();
    await injector.stop();
    expect(written).toEqual([]);
  });

  it('does only what it is asked to, and what can be done here', async () => {
    const { scene } = createScene();
    const kind = kindThatWaits('database', createGate());
    const asked = startInjector({ scene, seed: 1, kinds: [kind], only: ['commit-cut'] });
    const possible = startInjector({ scene, seed: 1, kinds: [{ ...kind, isPossible: () => false }] });
    expect([...asked.underWay(), ...possible.underWay()]).toEqual([]);
    await Promise.all([asked.stop(), possible.stop()]);
  });

  it('says at its end what could not be done', async () => {
    const { scene } = createScene();
    const strike = () => Promise.reject(new Error('no such process'));
    const kind: FaultKind = { name: 'proxy-cut', part: 'database', weight: 1, strike };
    await expect(startInjector({ scene, seed: 1, kinds: [kind] }).stop()).rejects.toThrow('no such process');
  });
});

function createScene() {
  const written: FaultEvent[] = [];
  const cluster = {
    recorders: [{ name: 'recorder-1' }, { name: 'recorder-2' }],
    schedulers: [{ name: 'scheduler-1' }, { name: 'scheduler-2' }, { name: 'scheduler-3' }],
    faults: { write: (event: FaultEvent) => void written.push(event) },
  };
  const scene = { cluster, load: { onPoison: () => undefined } } as unknown as Scene;
  return { scene, written };
}

interface Gate {
  readonly isOpen: Promise<void>;
  open(): void;
}

function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { isOpen: promise, open: resolve };
}

function kindThatWaits(part: FaultKind['part'], gate: Gate): FaultKind {
  return { name: 'proxy-cut', part, weight: 1, strike: () => gate.isOpen.then(() => 'done') };
}
