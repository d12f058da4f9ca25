import { type FaultKind, type Part, pause } from './fault-kind.ts';
import { slotOf } from './process-faults.ts';

/** Plenty for the next answers to come, under load. */
const TRAP_MS = 1000;

/** What can happen between a process and the database. Each kind hits recorders and schedulers alike. */
export const NETWORK_FAULTS: readonly FaultKind[] = (['recorder', 'scheduler'] as const).flatMap(faultsOf);

function faultsOf(part: Part & ('recorder' | 'scheduler')): FaultKind[] {
  return [
    {
      name: 'proxy-delay',
      part,
      weight: 1,
      async strike({ cluster }, victim, random) {
        const { proxy } = slotOf(cluster, victim);
        const delayMs = random.between(50, 1500);
        proxy.delay(delayMs);
        await pause(random.between(2000, 8000));
        proxy.delay(0);
        return `${delayMs} ms`;
      },
    },
    {
      name: 'proxy-cut',
      part,
      weight: 5,
      async strike({ cluster }, victim, random) {
        const { proxy } = slotOf(cluster, victim);
        let cut = 0;
        for (let times = random.between(1, 5); times > 0; times -= 1) {
          cut += proxy.cut();
          await pause(random.between(20, 400));
        }
        return `${cut} connections`;
      },
    },
    {
      name: 'proxy-blackhole',
      part,
      weight: 1,
      async strike({ cluster }, victim, random) {
        const { proxy } = slotOf(cluster, victim);
        proxy.blackhole();
        await pause(random.between(2000, 20_000));
        proxy.pass();
        return undefined;
      },
    },
    {
      name: 'proxy-truncate',
      part,
      weight: 4,
      async strike({ cluster }, victim, random) {
        slotOf(cluster, victim).proxy.truncate(random.between(1, 4));
        await pause(TRAP_MS);
        slotOf(cluster, victim).proxy.truncate(0);
        return undefined;
      },
    },
    {
      name: 'commit-cut',
      part,
      weight: 8,
      async strike({ cluster }, victim, random) {
        slotOf(cluster, victim).proxy.swallowAnswers(random.between(1, 6));
        await pause(TRAP_MS);
        slotOf(cluster, victim).proxy.swallowAnswers(0);
        return undefined;
      },
    },
  ];
}
