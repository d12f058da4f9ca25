import { DatabaseUnavailableError } from './database.ts';

/**
 * SQLSTATEs that say "not now" rather than "wrong statement" while the connection stays as good as it was: insufficient
 * resources, a statement or lock timeout that somebody set, a deadlock, a serialization failure.
 * Source: PostgreSQL manual, appendix A.
 */
const TRY_AGAIN_SQLSTATE = /^(53|57014|55P03|40001|40P01)/;

/**
 * SQLSTATEs after which the connection is of no use: connection exception, invalid authorization, operator
 * intervention, system error, a server that takes no writes (a demoted primary), an unknown database.
 */
const LOST_SQLSTATE = /^(08|28|57P|58|25006|3D000)/;

/** What Node and the driver say of a connection that failed; no SQLSTATE begins like these. */
const LOST_CODE = /^(CONNECT|E[A-Z]{3,}$|ERR_(SSL|TLS|SOCKET)|CERT|DEPTH_|SELF_|UNABLE_)/;

/** Whether the connection that met this error must not be used again. */
export function isConnectionDoubtful(error: unknown): boolean {
  const code = sqlstateOf(error);
  return code === undefined || LOST_SQLSTATE.test(code) || LOST_CODE.test(code);
}

/** Turns a driver's error into {@link DatabaseUnavailableError} when trying again later may help, else leaves it. */
export function toStoreError(error: unknown): Error {
  const code = sqlstateOf(error);
  if (code === undefined || !(TRY_AGAIN_SQLSTATE.test(code) || isConnectionDoubtful(error))) {
    return error instanceof Error ? error : new Error(String(error));
  }
  return new DatabaseUnavailableError(`the database does not answer: ${describe(error)} (${code})`, {
    cause: error,
  });
}

/** The SQLSTATE or the driver's code of an error, if it has one. */
export function sqlstateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Node gives a failed connect to several addresses as an AggregateError without a message. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join(', ');
  return error instanceof Error ? error.message : String(error);
}
