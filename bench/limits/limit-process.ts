import { fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';

/** A limit of the machine, measured by a process of its own. */
export interface LimitProcess {
  readonly pid: number;
  /** Sends a question and waits for its answer; rejects with what the process failed by. */
  ask<Answer>(question: unknown): Promise<Answer>;
  close(): Promise<void>;
}

type Reply = { answer: unknown } | { error: string };

/** Forks a module that calls `answerQuestions`, and waits until it is ready. */
export async function startLimitProcess(module: string): Promise<LimitProcess> {
  const child = fork(module, ['answer']);
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => {
    throw new Error(`expected answers of ${basename(module)}, got its end with ${String(code)}`);
  });
  // It is told to end when it is not needed any more.
  failed.catch(() => undefined);
  const hear = async (): Promise<unknown> => (await Promise.race([once(child, 'message'), failed]))[0];
  await hear();
  return {
    pid: child.pid ?? 0,
    async ask<Answer>(question: unknown) {
      child.send(question as object);
      const reply = (await hear()) as Reply;
      if ('error' in reply) throw new Error(`${basename(module)}: ${reply.error}`);
      return reply.answer as Answer;
    },
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** In the forked process: answers one question after the other, and ends with its parent. */
export function answerQuestions(answer: (question: never) => Promise<unknown>): void {
  const reply = (message: Reply): void => void process.send?.(message);
  process.on('message', (question) => {
    answer(question as never).then(
      (value) => reply({ answer: value }),
      (error: unknown) => reply({ error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

/** Whether this process was forked to answer for the module. */
export function isForkedFor(module: string): boolean {
  return process.argv[2] === 'answer' && process.argv[1] === module;
}
