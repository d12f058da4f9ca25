import { HttpClient } from '../http/http-client.ts';
import type { Control } from '../run/control.ts';
import { shortened } from '../run/timeline.ts';
import { Unreachable } from '../run/violation.ts';
import { answers, eventually } from './answers.ts';
import type { ControlOptions } from './control-options.ts';

const ACTION_LIMIT_MS = 60_000;

/**
 * Control by HTTP: `POST <controlUrl>/kill`, `/stop` and `/start`, each answered with 2xx when it is done; so is a
 * start of what runs already.
 */
export function remoteControl(controlUrl: string, options: ControlOptions): Control {
  const timeoutMs = ACTION_LIMIT_MS * options.latencyMultiplier;
  const act = async (action: string): Promise<void> => {
    const url = `${controlUrl}/${action}`;
    const client = new HttpClient({ timeoutMs, insecure: options.insecure });
    try {
      const { status, text } = await client.send({ method: 'POST', url, headers: { 'content-length': '0' } });
      if (status < 200 || status > 299)
        throw new Unreachable(`expected 2xx from POST ${url}, got ${status} ${shortened(text, 120)}`);
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      throw new Unreachable(`expected an answer from POST ${url}, got none: ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      client.close();
    }
  };
  return {
    kill: () => act('kill'),
    stop: () => act('stop'),
    start: async () => {
      await act('start');
      const discoveryUrl = `${options.url}/.well-known/dispatchr`;
      if (!(await eventually(() => answers(discoveryUrl, options.insecure), timeoutMs)))
        throw new Unreachable(
          `expected an answer from ${discoveryUrl} after POST ${controlUrl}/start, got none`,
        );
    },
  };
}
