import type { TargetHealth } from '@dispatchr/contract';
import type { TargetRecord } from '@dispatchr/store';

/** The health of an origin as the API shows it: members without a value left out. */
export function toTargetHealth({ origin, state, running, failures, ...record }: TargetRecord): TargetHealth {
  const { since, until, lastError, heldUrls } = record;
  // The order of the members is that of the specification's model, for those who read it.
  return {
    origin,
    state,
    ...(since && { since: since.toISOString() }),
    ...(until && { until: until.toISOString() }),
    failures,
    ...(lastError !== undefined && { lastError }),
    running,
    heldUrls: heldUrls.map((held) => ({ target: held.target, until: held.until.toISOString() })),
  };
}
