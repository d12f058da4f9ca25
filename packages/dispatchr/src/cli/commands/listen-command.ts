import type { Command } from 'commander';
import { EXIT_CODES } from '../../composition/start-error.ts';
import { CommandFailure } from '../command-failure.ts';
import { endWhenLeft } from '../end-when-left.ts';
import { parseAnswerCodes } from '../listen/answer-codes.ts';
import { deliveryLine } from '../listen/delivery-line.ts';
import { createSignatureJudge } from '../listen/signature-verdict.ts';
import { startListener } from '../listen/start-listener.ts';
import type { Listener, ListenerOptions } from '../listen/start-listener.ts';
import { collect } from '../options/collect.ts';
import { integerFrom } from '../options/parse-integer.ts';
import { parseMilliseconds } from '../options/parse-duration.ts';
import { printJson, printLines, printNote, stdoutStyle } from '../output.ts';

interface Flags {
  host?: string;
  answer?: number[];
  delay?: number;
  verify?: string[];
  json?: boolean;
}

const LARGEST_PORT = 65_535;

/** `dispatchr listen`: a target without an app, which prints each delivery and answers as it is told. */
export function addListenCommand(program: Command): void {
  program
    .command('listen')
    .description('Be a target without an app: print each delivery, and answer as told.')
    .argument('<port>', 'where to listen; 0 takes any free port', integerFrom(0, LARGEST_PORT))
    .option('--host <address>', 'address to listen on [127.0.0.1]')
    .option(
      '--answer <statuses>',
      'what the attempts of a task are answered, in turn; the last repeats [200]',
      parseAnswerCodes,
    )
    .option('--delay <ms>', 'how long to wait with the answer, 250 or 2s [0]', parseMilliseconds)
    .option('--verify <secret>', 'check signatures with this secret; may be repeated', collect)
    .option('--json', 'print a line of JSON for each delivery')
    .addHelpText('after', EXAMPLES)
    .action((port: number, flags: Flags) => listen(port, flags));
}

async function listen(
  port: number,
  { host = '127.0.0.1', answer = [200], delay = 0, verify = [], json }: Flags,
): Promise<void> {
  endWhenLeft();
  const style = stdoutStyle();
  const { url } = await startOrFail({
    host,
    port,
    answerCodes: answer,
    delayMs: delay,
    judgeSignature: createSignatureJudge(verify),
    onDelivery: (delivery) => (json ? printJson([delivery]) : printLines([deliveryLine(delivery, style)])),
  });
  printNote(`listening on ${url}, answering ${answer.join(', ')}; Ctrl-C ends it`);
}

async function startOrFail(options: ListenerOptions): Promise<Listener> {
  try {
    return await startListener(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'the port is in use; choose another, or 0 for any' : message;
    const where = `${options.host}:${options.port}`;
    throw new CommandFailure(EXIT_CODES.unavailable, `cannot listen on ${where}: ${reason}`, {
      cause: error,
    });
  }
}

const EXAMPLES = `
Attempt n of each task gets the n-th status. A delivery whose signature is wrong or missing is answered 401 if --verify is given.
Signed deliveries need signingSecrets in the service (DISPATCHR_SIGNING_SECRETS); its secret is the one for --verify.

Examples:
  dispatchr listen 9999
  dispatchr listen 9999 --answer 500,500,200 --delay 250
  dispatchr listen 9999 --verify whsec_ZGlzcGF0Y2hyIGxpc3RlbiBleGFtcGxlIQ== --json`;
