import type { Check } from '../check.ts';
import { findRequirement } from '../spec/requirements.ts';
import type { CheckContext } from './check-context.ts';
import type { CheckResult, Fault, Status } from './result.ts';
import type { TimeLimit } from './time-limit.ts';
import type { Timeline } from './timeline.ts';
import { NotApplicable, NotExercised, Violation } from './violation.ts';

/** Runs one check, and turns whatever it throws into a result. */
export async function runCheck(
  check: Check,
  context: CheckContext,
  timeline: Timeline,
  limit: TimeLimit,
): Promise<CheckResult> {
  const startedAtMs = performance.now();
  const verdict = await Promise.race([verdictOf(check, context), tooLate(limit)]);
  limit.pause();
  const durationMs = Math.round(performance.now() - startedAtMs);
  const curl = timeline.latestCurl;
  return {
    check,
    durationMs,
    timeline: timeline.entries,
    warnings: context.warnings,
    ...(curl === undefined ? {} : { curl }),
    ...verdict,
  };
}

type Verdict = { readonly status: Status; readonly fault?: Fault; readonly reason?: string };

async function verdictOf(check: Check, context: CheckContext): Promise<Verdict> {
  try {
    await check.run(context);
    return { status: context.warnings.length > 0 ? 'warn' : 'pass' };
  } catch (error) {
    if (error instanceof Violation) return verdictOn(error);
    if (error instanceof NotApplicable) return { status: 'not-applicable', reason: error.message };
    if (error instanceof NotExercised) return { status: 'not-exercised', reason: error.message };
    return {
      status: 'harness-error',
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function verdictOn({ requirement, message, expected, got }: Violation): Verdict {
  const fault = {
    requirement,
    what: message,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
  };
  return { status: findRequirement(requirement)?.level === 'SHOULD' ? 'warn' : 'fail', fault };
}

async function tooLate(limit: TimeLimit): Promise<Verdict> {
  await limit.exceeded;
  return { status: 'harness-error', reason: `the check did not end within ${limit.ms} ms` };
}
