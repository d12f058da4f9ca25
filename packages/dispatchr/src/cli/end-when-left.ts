import { EXIT_CODES } from '../composition/start-error.ts';

/**
 * Has Ctrl-C, SIGTERM and a reader that stops early end the process at once, and as asked: for commands that go on until then
 * and have nothing to save.
 */
export function endWhenLeft(): void {
  const end = (): never => process.exit(EXIT_CODES.ok);
  process.on('SIGINT', end).on('SIGTERM', end);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') end();
  });
}
