/** What of V8's .cpuprofile is read here; times are in microseconds of the monotonic clock. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  /** Ids of the nodes that ran, one a sample. */
  readonly samples: readonly number[];
  /** From the sample before. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
}

export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
}

/** A function and how long it itself ran. */
export interface SelfTime {
  readonly frame: CallFrame;
  readonly selfUs: number;
}

/** From when until when, in milliseconds of the monotonic clock. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How long each function itself ran within a span, longest first; waiting for events is left out. */
export function selfTimesOf(profile: CpuProfile, { fromMs, untilMs }: Span): readonly SelfTime[] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, { frame: CallFrame; selfUs: number }>();
  let atUs = profile.startTime;
  for (const [index, node] of profile.samples.entries()) {
    atUs += profile.timeDeltas[index] ?? 0;
    const frame = frames.get(node);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    if (atUs < fromMs * 1000 || atUs > untilMs * 1000) continue;
    const key = `${frame.functionName} ${frame.url} ${frame.lineNumber}`;
    const known = byFunction.get(key) ?? { frame, selfUs: 0 };
    // A sample stands for the time until the next one.
    known.selfUs += profile.timeDeltas[index + 1] ?? 0;
    byFunction.set(key, known);
  }
  return [...byFunction.values()].toSorted((a, b) => b.selfUs - a.selfUs);
}
