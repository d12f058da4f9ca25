import { performance } from 'node:perf_hooks';
import { stderr } from 'node:process';

/** How long a run that fails is made smaller, in milliseconds: its path repeats it whatever its size. */
const SHRINK_MS = 45_000;

/** The same check, which tells of the first failure at once, and lets nothing smaller fail once it took too long. */
export function reportAndShrinkBriefly<T>(check: (scenario: T) => Promise<void>): typeof check {
  let shrinksUntilMs = Infinity;
  return async (scenario) => {
    if (performance.now() > shrinksUntilMs) return;
    try {
      await check(scenario);
    } catch (error) {
      if (shrinksUntilMs === Infinity) {
        shrinksUntilMs = performance.now() + SHRINK_MS;
        stderr.write(`a run of the simulation fails; a smaller one is looked for\n${String(error)}\n`);
      }
      throw error;
    }
  };
}
