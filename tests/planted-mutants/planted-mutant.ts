/** A fault that a test plants into a real implementation, to see the conformance suite catch it. */
export interface PlantedMutant {
  readonly id: string;
  /** What the implementation then does wrong. */
  readonly fault: string;
  /** The file to change, from the root of the repository. */
  readonly file: string;
  readonly edits: readonly Edit[];
  /** The requirement that it violates: a check of it must fail. */
  readonly requirement: string;
}

/** `find` occurs exactly once in the file. */
export interface Edit {
  readonly find: string;
  readonly replace: string;
}

/** The source with the fault in it; throws if the source is no longer what the mutant was written for. */
export function planted(
  source: string,
  { id, file, edits }: Pick<PlantedMutant, 'id' | 'file' | 'edits'>,
): string {
  let mutated = source;
  for (const { find, replace } of edits) {
    const parts = mutated.split(find);
    if (parts.length !== 2) {
      throw new Error(`mutant ${id}: expected \`${find}\` once in ${file}, got it ${parts.length - 1} times`);
    }
    mutated = parts.join(replace);
  }
  return mutated;
}
