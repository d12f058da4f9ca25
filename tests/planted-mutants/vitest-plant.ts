import { join } from 'node:path';
import { planted } from './planted-mutant.ts';
import type { Plant, ReliabilityMutant } from './reliability-mutant.ts';

/** A plugin of vite that plants a mutant into what tests load; a file that has changed since fails to load. */
export function plantPlugin(mutant: ReliabilityMutant, root: string) {
  const { id, plants, inServices } = mutant;
  const all = inServices ? [...plants, handOn(mutant)] : plants;
  const plantOf = new Map(all.map((plant) => [join(root, plant.file), plant]));
  return {
    name: `plant-${id}`,
    // Before the types are stripped: the text is looked for as it stands in the source.
    enforce: 'pre' as const,
    transform(source: string, path: string): string | undefined {
      const plant = plantOf.get(path);
      return plant && planted(source, { id, ...plant });
    },
  };
}

/** Has the services that a test starts load the same mutant, though they are given no variable but their own. */
function handOn({ id, plants: [plant] }: ReliabilityMutant): Plant {
  const environment = {
    NODE_OPTIONS: `--import ${new URL('plant.ts', import.meta.url).href}`,
    DISPATCHR_TEST_MUTANT: JSON.stringify({ id, ...plant }),
  };
  return {
    file: 'packages/testkit/src/service-process.ts',
    edits: [
      {
        find: "env: { PATH: process.env['PATH'], ...environment },",
        replace: `env: { PATH: process.env['PATH'], ...environment, ...${JSON.stringify(environment)} },`,
      },
    ],
  };
}
