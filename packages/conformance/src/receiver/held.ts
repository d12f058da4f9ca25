import type { Answer, AnswerParts } from './delivery.ts';

/** An answer that a target keeps back until it is told what to answer. */
export interface Held {
  readonly answer: Answer;
  /** Answers every delivery that waits, and those to come. */
  readonly release: (answer: number | AnswerParts) => void;
}

/** An answer to hold a task `running` for as long as a check looks at it. */
export function held(): Held {
  let release: Held['release'] = () => undefined;
  const released = new Promise<number | AnswerParts>((resolve) => {
    release = resolve;
  });
  return { answer: () => released, release };
}
