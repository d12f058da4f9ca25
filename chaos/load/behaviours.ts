/** What a target does with one request. Durations in milliseconds. */
export type Reaction =
  | {
      readonly do: 'answer';
      readonly status: number;
      readonly afterMs: number;
      readonly retryAfterMs?: number;
    }
  /** A whole header section that promises more body than comes. */
  | { readonly do: 'answer-short'; readonly status: number }
  /** Nothing, until the other side goes away. */
  | { readonly do: 'hang' }
  | { readonly do: 'reset'; readonly when: 'before-status' | 'after-status-line' }
  /** Tells the run, which kills the scheduler that delivers it. */
  | { readonly do: 'poison' };

/**
 * What the target does with an attempt. The path alone says so, `/behaviour/parameter`, and targets keep no state:
 * `/flaky/2` fails the first two attempts, whoever makes them and whenever.
 */
export function reactionTo(path: string, attempt: number): Reaction {
  const [, behaviour = '', parameter = ''] = path.split('/');
  const react = BEHAVIOURS[behaviour];
  if (react === undefined) return answer(404);
  return react(Number(parameter), attempt);
}

/** The behaviours by the first segment of their path. The number is the second segment. */
const BEHAVIOURS: Readonly<Record<string, (parameter: number, attempt: number) => Reaction>> = {
  /** Answers 204 at once. */
  ok: () => answer(204),
  /** Answers 200 after so many milliseconds. */
  slow: (ms) => answer(200, ms),
  /** Answers 503 so many times, then 200. */
  flaky: (times, attempt) => answer(attempt <= times ? 503 : 200),
  /** Always answers with the status. */
  always: (status) => answer(status),
  /** Rejects the first attempt with the status, and takes the one that an operator's retry leads to. */
  'reject-once': (status, attempt) => answer(attempt === 1 ? status : 200),
  /** Asks the first attempt to come again after so many seconds. */
  'retry-after': (seconds, attempt) =>
    attempt === 1 ? { ...answer(503), retryAfterMs: seconds * 1000 } : answer(200),
  /** Answers 429 with a Retry-After of one second so many times. */
  'too-many': (times, attempt) => (attempt <= times ? { ...answer(429), retryAfterMs: 1000 } : answer(200)),
  /** Answers the first attempt 429 and asks it to come again after so many seconds. */
  busy: (seconds, attempt) =>
    attempt === 1 ? { ...answer(429), retryAfterMs: seconds * 1000 } : answer(200),
  /** Never answers so many attempts. */
  hang: (times, attempt) => (attempt <= times ? { do: 'hang' } : answer(200)),
  /** Resets the first attempt before any byte of an answer. */
  reset: (_, attempt) => (attempt === 1 ? { do: 'reset', when: 'before-status' } : answer(200)),
  /** Writes the first attempt a status line of 200, and resets before the header section is whole. */
  'reset-in-headers': (_, attempt) =>
    attempt === 1 ? { do: 'reset', when: 'after-status-line' } : answer(200),
  /** Answers 200 with a body that ends early: completed all the same, for the header section is whole. */
  'short-body': () => ({ do: 'answer-short', status: 200 }),
  /** Kills its scheduler so many times. */
  poison: (times, attempt) => (attempt <= times ? { do: 'poison' } : answer(200)),
};

function answer(status: number, afterMs = 0): Reaction & { do: 'answer' } {
  return { do: 'answer', status, afterMs };
}
