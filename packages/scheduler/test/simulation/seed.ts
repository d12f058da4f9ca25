import { env } from 'node:process';
import type { RunDetails } from 'fast-check';

/** The seed of a run in CI, unless the environment names another. */
const SEED_OF_CI = 20_261_122;

/** How the runs of a test are drawn; the environment repeats a run that failed, or asks for more of them. */
export function readRunParameters(numRuns: number): { seed: number; numRuns: number; path?: string } {
  const { SIMULATION_SEED: seed, SIMULATION_PATH: path, SIMULATION_RUNS: runs } = env;
  return {
    seed: Number(seed ?? SEED_OF_CI),
    numRuns: Number(runs ?? numRuns),
    ...(path !== undefined && { path }),
  };
}

/** What failed in its smallest form, and the command that runs it again. */
export function describeFailure<T>(
  file: string,
  { seed, counterexamplePath, counterexample, errorInstance, numShrinks }: RunDetails<T>,
): string {
  const again = `SIMULATION_SEED=${seed} SIMULATION_PATH=${counterexamplePath} npx vitest run ${file}`;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${why}\nshrunk ${numShrinks} times to ${JSON.stringify(counterexample)}\nrun it again by: ${again}`;
}
