import { DatabaseUnavailableError } from './database.ts';

/**
 * Classes of SQLSTATE that say "not now" rather than "wrong statement": connection exception, invalid authorization,
 * insufficient resources, operator intervention, system error, read-only transaction and unknown database.
 * Source: PostgreSQL manual, appendix A.
 */
const UNAVAILABLE_SQLSTATE = /^(08|28|53|57P|58|25006|3D000)/;
const DRIVER_CODE = /^(CONNECT|E[A-Z]+$|UND_|NOT_TAGGED_CALL$)/;

/** The session is bound to a server that takes no writes (a demoted primary): only a new connection helps. */
export const READ_ONLY_SQLSTATE = '25006';

/** Turns a driver's error into {@link DatabaseUnavailableError} when trying again later may help, else leaves it. */
export function toStoreError(error: unknown): unknown {
  const code = sqlstateOf(error);
  if (code === undefined || !(UNAVAILABLE_SQLSTATE.test(code) || DRIVER_CODE.test(code))) return error;
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
