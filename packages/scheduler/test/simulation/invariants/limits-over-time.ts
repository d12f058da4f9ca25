import { toLimits, type Limits } from './limits-of-columns.ts';
import type { History, SettingsChange } from '../history.ts';

/** What was put of one queue, or of a flow key of it, from one put to the next. */
export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly isPaused: boolean;
  readonly limits: Limits;
}

/** What held for every queue and flow key at every instant, as the log of settings tells it. */
export class LimitsOverTime {
  readonly #settings: readonly SettingsChange[];

  constructor({ settings }: History) {
    this.#settings = settings;
  }

  /** The periods of a queue, or with a flow key of that: its own limits over what its queue gives to each. */
  periodsOf(queue: string, flowKey = ''): Period[] {
    const changes = this.#settings.filter(
      (change) => change.queue === queue && (change.flowKey === '' || change.flowKey === flowKey),
    );
    let ofQueue = {};
    let own = {};
    const periods: Period[] = [
      { fromMs: -Infinity, untilMs: changes[0]?.atMs ?? Infinity, isPaused: false, limits: {} },
    ];
    for (const [index, change] of changes.entries()) {
      if (change.flowKey === '') ofQueue = change.columns;
      else own = change.columns;
      periods.push({
        fromMs: change.atMs,
        untilMs: changes[index + 1]?.atMs ?? Infinity,
        isPaused: change.columns['paused'] === true && change.flowKey === '',
        limits:
          flowKey === '' ? toLimits(ofQueue, '') : { ...toLimits(ofQueue, 'flow_'), ...toLimits(own, '') },
      });
    }
    return periods;
  }
}

/** The period in which an instant lies. */
export function periodAt(periods: readonly Period[], atMs: number): Period {
  return periods.findLast(({ fromMs }) => fromMs <= atMs)!;
}
