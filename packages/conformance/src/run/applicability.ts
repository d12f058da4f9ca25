import type { Check, Profile } from '../check.ts';
import type { Control } from './control.ts';
import type { Discovery } from './discovery.ts';
import type { CheckResult } from './result.ts';

/** Why a check is not run. */
export interface Reason {
  readonly status: 'not-applicable' | 'not-exercised';
  readonly reason: string;
}

interface Circumstances {
  readonly profile: Profile;
  readonly headers: Readonly<Record<string, string>>;
  readonly signingSecrets: readonly string[];
  readonly control?: Control;
}

/** Why a check says nothing about this implementation; `undefined` if it applies. */
export function reasonAgainst(
  check: Check,
  { profile, headers }: Circumstances,
  { features }: Discovery,
): Reason | undefined {
  const notApplicable = (reason: string): Reason => ({ status: 'not-applicable', reason });
  const missing = (check.features ?? []).find((feature) => !features.includes(feature));
  if (missing !== undefined) return notApplicable(`the feature ${missing} is not declared`);
  if (check.withoutFeature !== undefined && features.includes(check.withoutFeature)) {
    return notApplicable(`the feature ${check.withoutFeature} is declared`);
  }
  if (check.profile === 'core' && profile === 'recorder')
    return notApplicable('the profile recorder has no deliveries');
  // An implementation that asked for a token would have answered nothing without one.
  if (check.needs?.includes('token') === true && headers['authorization'] === undefined)
    return notApplicable(
      "it needs --header 'Authorization: Bearer …', for an implementation that asks for a token",
    );
  return undefined;
}

/** What the operator would have to give for a check to be exercised; `undefined` if nothing is missing. */
export function unmetNeed(
  { needs = [] }: Check,
  { control, signingSecrets }: Circumstances,
): string | undefined {
  if (needs.includes('control') && control === undefined) return 'it needs --sut or --control-url';
  if (needs.includes('signing-secret') && signingSecrets.length === 0) return 'it needs --signing-secret';
  return undefined;
}

/** The result of a check that does not apply, if there is a reason. */
export function skippedResult(check: Check, reason: Reason | undefined): CheckResult[] {
  return reason === undefined ? [] : [emptyResult(check, reason)];
}

/** The result of a check that was not run. */
export function emptyResult(check: Check, reason: Reason): CheckResult {
  return { check, durationMs: 0, warnings: [], timeline: [], ...reason };
}
