import { CLIENT_DEFAULTS, createClient, DispatchrError, DispatchrUnreachableError } from '@dispatchr/client';
import type { DispatchrClient } from '@dispatchr/client';
import type { Command } from 'commander';
import { EXIT_CODES } from '../composition/start-error.ts';
import { CommandFailure } from './command-failure.ts';
import { TOKEN_VARIABLE, URL_VARIABLE } from './connection-variables.ts';
import { escapeControls } from './show/escape-controls.ts';
import { UsageError } from './usage-error.ts';

/** A person waits: a service that does not answer is reported within a few seconds. */
const RETRY = { maxTries: 3, maxDurationMs: 5000 };
const HTTP_UNAVAILABLE = 503;

/** Flags of every command that speaks to a recorder. */
export interface ConnectionFlags {
  url?: string;
  token?: string;
}

/** Adds `--url` and `--token`. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--url <url>', `the service [${URL_VARIABLE}, else ${CLIENT_DEFAULTS.url}]`)
    .option('--token <token>', `its bearer token [${TOKEN_VARIABLE}]`);
}

/** Runs a command against the recorder that flags or environment name; what its answers say no with is one sentence. */
export async function withClient(
  flags: ConnectionFlags,
  run: (client: DispatchrClient) => Promise<void>,
): Promise<void> {
  const client = openClient(flags);
  try {
    await run(client);
  } catch (error) {
    throw failureOf(error) ?? error;
  }
}

/** The failure that an error of the client stands for, or undefined for another error. */
export function failureOf(error: unknown): CommandFailure | undefined {
  if (error instanceof DispatchrUnreachableError) {
    return new CommandFailure(
      EXIT_CODES.unavailable,
      `${escapeControls(error.message)} (--url or ${URL_VARIABLE} says where)`,
    );
  }
  if (!(error instanceof DispatchrError)) return undefined;
  const exitCode = error.status === HTTP_UNAVAILABLE ? EXIT_CODES.unavailable : EXIT_CODES.failed;
  return new CommandFailure(exitCode, messageOf(error));
}

function messageOf(error: DispatchrError): string {
  if (error.problem === 'unauthorized') {
    return `the service refused the token (401): expected --token or ${TOKEN_VARIABLE} to be that of the service`;
  }
  return error.message.split('\n').map(escapeControls).join('\n');
}

function openClient(flags: ConnectionFlags): DispatchrClient {
  // An empty variable is an unset one: compose files pass `TOKEN: ${TOKEN:-}`.
  const url = flags.url ?? (process.env[URL_VARIABLE] || undefined);
  const token = flags.token ?? (process.env[TOKEN_VARIABLE] || undefined);
  try {
    return createClient({
      retry: RETRY,
      ...(url !== undefined && { url }),
      ...(token !== undefined && { token }),
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.replace('createClient: ', ''));
    throw error;
  }
}
