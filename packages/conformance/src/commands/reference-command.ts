import { once } from 'node:events';
import { startReference } from '../reference/start-reference.ts';
import { EXIT_CODES } from '../run/exit-codes.ts';
import { UsageError } from '../run/violation.ts';
import { hintOf } from '../selection/near-misses.ts';
import { type MutantId, MUTANTS } from '../selftest/mutants/index.ts';
import { type VariantId, VARIANTS } from '../selftest/variants.ts';
import type { CommandContext } from './command-context.ts';
import type { ReferenceCommandOptions } from '../options/selftest-options.ts';

/** `reference`: serves the reference implementation until the interruption, and prints its URL first. */
export async function referenceCommand(
  { mutant, variant, signingSecret, feature, token }: ReferenceCommandOptions,
  { console, signal }: CommandContext,
): Promise<number> {
  const mutantIds = MUTANTS.map(({ id }) => id);
  const variantIds = VARIANTS.map(({ id }) => id);
  const reference = await startReference({
    mutants: new Set(mutant.map((id) => known<MutantId>(id, mutantIds, '--mutant'))),
    variants: new Set(variant.map((id) => known<VariantId>(id, variantIds, '--variant'))),
    signingSecrets: signingSecret,
    ...(feature === undefined ? {} : { features: feature }),
    ...(token === undefined ? {} : { token }),
  });
  console.write(`${reference.url}\n`);
  if (!signal.aborted) await once(signal, 'abort');
  await reference.close();
  return EXIT_CODES.conformant;
}

function known<Id extends string>(id: string, ids: readonly Id[], option: string): Id {
  const found = ids.find((each) => each === id);
  if (found === undefined) throw new UsageError(`${option} ${id} does not exist${hintOf(id, ids)}`);
  return found;
}
