import type { CheckContext } from './run/check-context.ts';

/** What an implementation claims: to record only, or to record and deliver. */
export type Profile = 'recorder' | 'core';

/** What a check needs of the person who runs it; without it the check is not exercised. */
export type Need = 'control' | 'signing-secret' | 'token';

/** One thing that the suite shows about an implementation. */
export interface Check {
  /** Kebab-case, for example `submit-answers-201`; never changes, and is never used for anything else. */
  readonly id: string;
  /** One sentence: what an implementation that passes does. */
  readonly title: string;
  /** The requirements that it shows, the main one first, each with the hash of the text that it was written for. */
  readonly covers: Readonly<Record<string, string>>;
  /** `recorder` if it needs no delivery, `core` if it does. */
  readonly profile: Profile;
  /** Runs only if discovery declares all of these features. */
  readonly features?: readonly string[];
  /** Runs only if discovery does not declare this feature. */
  readonly withoutFeature?: string;
  readonly needs?: readonly Need[];
  /** Checks that must have passed; otherwise this one is blocked. */
  readonly after?: readonly string[];
  /**
   * `beside` others (the default); `alone`, after all of those, because it ends or loads the implementation;
   * `last`, after everything, because it judges what the whole run saw.
   */
  readonly runs?: 'beside' | 'alone' | 'last';
  /** True if it waits for so long that the self-test runs it only for the mutants that are meant for it. */
  readonly isLong?: boolean;
  /** Returns if the implementation conforms; throws a `Violation` if it does not. */
  run(t: CheckContext): Promise<void>;
}
