import type { Profile } from '../check.ts';
import type { Trace } from '../reports/terminal-summary.ts';
import { UsageError } from '../run/violation.ts';
import type { ReportTarget } from './parse-values.ts';

/** The options of `run`, as commander hands them over; each is described in `create-program.ts`. */
export interface RunOptions {
  readonly url: string;
  readonly profile: Profile;
  readonly headers: Readonly<Record<string, string>>;
  readonly insecure: boolean;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly features: readonly string[];
  readonly strict: boolean;
  readonly expect?: string;
  readonly repeat: number;
  readonly bail: boolean;
  readonly seed: number;
  readonly concurrency: number;
  readonly latencyMultiplier: number;
  readonly patienceMs?: number;
  readonly signingSecrets: readonly string[];
  readonly callbackUrl?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly sut?: string;
  readonly controlUrl?: string;
  readonly trace: Trace;
  readonly verbose: boolean;
  readonly report: readonly ReportTarget[];
}

/** The options under the names that the command line has for them. */
export interface GivenOptions extends Omit<RunOptions, 'url' | 'headers' | 'features' | 'signingSecrets'> {
  readonly url?: string;
  readonly header: RunOptions['headers'];
  readonly feature?: RunOptions['features'];
  readonly signingSecret?: RunOptions['signingSecrets'];
}

/** The options under the suite's own names; throws a `UsageError` if there is nothing to talk to. */
export function runOptionsOf(given: GivenOptions): RunOptions {
  const { url, header, feature = [], signingSecret = [], ...rest } = given;
  if (url === undefined)
    throw new UsageError('expected --url with the base of the implementation, such as http://127.0.0.1:9090');
  return { ...rest, url, headers: header, features: feature, signingSecrets: signingSecret };
}
