import type { Feature, TaskSubmission } from '@dispatchr/contract';

/** The first feature that a submission needs and that is not among those declared. */
export function missingFeature(
  submission: TaskSubmission,
  features: readonly Feature[],
): Feature | undefined {
  const needed: Feature[] = [];
  if (submission.request !== undefined) needed.push('request');
  if (submission.priority !== undefined && submission.priority !== 0) needed.push('priority');
  if (submission.expiresAt !== undefined) needed.push('expiry');
  return needed.find((feature) => !features.includes(feature));
}
