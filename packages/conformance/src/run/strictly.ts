import { findRequirement } from '../spec/requirements.ts';
import type { CheckResult } from './result.ts';

/** With `--strict`: a SHOULD that is not kept fails, and so does what conforms but is not as it should be. */
export function strictly(result: CheckResult): CheckResult {
  if (result.status !== 'warn' || isAdvisory(result)) return result;
  const requirement = Object.keys(result.check.covers)[0] ?? '';
  const fault = result.fault ?? { requirement, what: result.warnings.join('; ') };
  return { ...result, status: 'fail', fault };
}

// What the claimed version did not demand yet has a fault of a MUST, and stays a warning.
function isAdvisory({ fault }: CheckResult): boolean {
  return fault !== undefined && findRequirement(fault.requirement)?.level === 'MUST';
}
