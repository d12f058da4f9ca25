/** What runs have to have seen of flow control. */
export const FLOW_EVENTS = [
  'claimed by flow keys',
  'counted in a queue',
  'counted in a flow key',
  'paid by a rate',
  'full by concurrency',
  'full by rate',
  'another version',
  'adopted by a put',
  'put of limits',
  'pause',
  'run past a limit or a pause',
  'held back',
  'circuit opened',
  'probe',
  'circuit closed by a probe',
  'parked',
  'unparked',
] as const;

/** One of `FLOW_EVENTS`. */
export type FlowEvent = (typeof FLOW_EVENTS)[number];
