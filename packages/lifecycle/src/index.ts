export { cancelDecision } from './cancellation.ts';
export type { CancelDecision } from './cancellation.ts';
export type { AllowEntry } from './allow-entry.ts';
export { parseCron } from './cron.ts';
export type { CronSchedule, ParsedCron } from './cron.ts';
export { LEASE_MS, LEASE_RENEWAL_MS, maySweep, SWEEP_AFTER_CONTACT_MS, SWEEP_INTERVAL_MS } from './lease.ts';
export { DEFAULT_WEIGHTS, defaultWeight, flowLimitsOf, isLimited, rateOf, roomOf } from './limits.ts';
export type { GateCount, Limits, Rate, RateLimit, Room } from './limits.ts';
export { deleteDecision, retryDecision, runDecision } from './operator-decisions.ts';
export { outcomeOf, REJECTED_STATUSES } from './outcome.ts';
export type { Answer, Outcome } from './outcome.ts';
export { remember } from './remember.ts';
export { RETRY_AFTER_MAX_MS } from './retry-after.ts';
export { retryDelayMs } from './retry-delay.ts';
export { attemptsLeft, resolveRetryPolicy } from './retry-policy.ts';
export { settlementOf } from './settlement.ts';
export type { AttemptContext, Settlement } from './settlement.ts';
export {
  CIRCUIT_FAILURES,
  healthSignOf,
  holdOf,
  probePauseMs,
  RETURN_FAILURES,
  RETURN_MS,
  returnAllowance,
} from './target-health.ts';
export type { HealthSign, Hold } from './target-health.ts';
export { checkAddress, parseTargetPolicy } from './target-policy.ts';
export type { TargetPolicy, TargetPolicySettings, TargetVerdict } from './target-policy.ts';
export { checkTargetUrl, originOf } from './target-url.ts';
export { MISSED_AFTER_MS, tickTaskId, ticksToRecord } from './ticks.ts';
export type { DueTicks, MissedTicks, Overlap } from './ticks.ts';
export { WAITING_REASONS, waitingOf } from './waiting.ts';
export type { HeldFacts, Waiting, WaitingFacts, WaitingReason } from './waiting.ts';
