import { showFigure } from '../report/rows.ts';
import type { Figures, Side } from '../world/side.ts';

/** What one round of every side gave, by the side's name. */
export type Round = ReadonlyMap<string, Figures>;

/**
 * Plays `rounds` rounds that count, after one that warms up the machine and does not. The sides take turns, and who begins
 * changes with every round. The figures that are `shown` are noted as they come.
 */
export async function play(
  sides: readonly Side[],
  rounds: number,
  shown: readonly string[],
  note: (text: string) => void,
): Promise<readonly Round[]> {
  const played: Round[] = [];
  for (let number = 0; number <= rounds; number += 1) {
    const round = new Map<string, Figures>();
    for (const side of inTurn(sides, number)) {
      const figures = await side.play();
      round.set(side.name, figures);
      note(
        `  round ${number}${number === 0 ? ' (does not count)' : ''}: ${side.name}: ${lineOf(figures, shown)}`,
      );
    }
    if (number > 0) played.push(round);
  }
  return played;
}

/** Everybody begins as often as the others. */
function inTurn(sides: readonly Side[], round: number): readonly Side[] {
  const first = round % sides.length;
  return [...sides.slice(first), ...sides.slice(0, first)];
}

function lineOf(figures: Figures, shown: readonly string[]): string {
  return shown.map((name) => `${name} ${showFigure(figures[name])}`).join(' · ');
}
