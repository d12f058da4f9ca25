import type { Contest } from './contest.ts';
import { batch, submit } from './submit.ts';
import { delay, delayAtHalf } from './delay.ts';
import { drain } from './drain.ts';
import { enqueue } from './enqueue.ts';
import { idle } from './idle.ts';
import { scaleOut } from './scale-out.ts';
import { together } from './together.ts';
import { waiting } from './waiting.ts';

/** In the order in which they are played: `delay-half` needs what `together` found. */
export const CONTESTS: readonly Contest[] = [
  submit,
  batch,
  drain,
  together,
  delay,
  delayAtHalf,
  scaleOut,
  idle,
  waiting,
  enqueue,
];
