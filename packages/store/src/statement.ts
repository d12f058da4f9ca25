import { PgDialect, type SQL, sql } from './drizzle.ts';
import type { ConnectionRole, PreparedStatement, Queryable, Row } from './database/database.ts';
import { type ArrayElement, toArrayLiteral } from './array-literal.ts';

interface ScalarTypes {
  text: string | null;
  int4: number | null;
  int8: number | null;
  float8: number | null;
  bool: boolean;
  timestamptz: string | null;
}
type ScalarName = keyof ScalarTypes;
type ParameterType = ScalarName | `${ScalarName}[]`;

/** The names of a statement's parameters with their PostgreSQL types. */
export type ParameterTypes = Record<string, ParameterType>;

type ValueOf<T extends ParameterType> = T extends `${infer Scalar extends ScalarName}[]`
  ? readonly ScalarTypes[Scalar][] | null
  : T extends ScalarName
    ? ScalarTypes[T]
    : never;

/** What a caller hands in for each parameter of a statement. */
export type ParameterValues<P extends ParameterTypes> = { readonly [K in keyof P]: ValueOf<P[K]> };

/** One named SQL statement: runs with checked parameters and answers with rows. */
export type Statement<P extends ParameterTypes> = (
  database: Queryable,
  values: ParameterValues<P>,
) => Promise<Row[]>;

const dialect = new PgDialect();

/** Renders an SQL template that holds no values, only names and raw text. */
export function renderSql(template: SQL): { text: string; values: unknown[] } {
  const { sql: text, params } = dialect.sqlToQuery(template);
  return { text, values: params };
}

/**
 * Defines a statement that is rendered once and prepared on each connection.
 * Each parameter is sent once, however often the text mentions it.
 *
 * @param role - the connections it runs on, so that a slow read never holds up a claim.
 */
export function defineStatement<const P extends ParameterTypes>(
  name: string,
  role: ConnectionRole,
  types: P,
  template: (parameters: Record<keyof P, SQL>) => SQL,
): Statement<P> {
  const names = Object.keys(types);
  const placeholders = names.map((key, index) => [key, sql.raw(`$${index + 1}::${types[key]}`)]);
  const { text } = renderSql(template(Object.fromEntries(placeholders) as Record<keyof P, SQL>));
  const prepared: PreparedStatement = { name, role, text };
  return (database, values) =>
    database.query(
      prepared,
      names.map((key) => encode(values[key as keyof P])),
    );
}

/**
 * `unnest` of array parameters whose lengths the planner does not see. It would make a plan of its own for each length,
 * at every call, and planning a claim costs more than some claims; so all calls share one plan.
 */
export function unnest(...parameters: readonly SQL[]): SQL {
  return sql`unnest(${sql.join(
    parameters.map((parameter) => sql`(SELECT ${parameter})`),
    sql`, `,
  )})`;
}

/**
 * A column without a value is NULL as a whole where `unnest` stands beside other columns, which fill it up: most columns of
 * most rows are such, and neither side need write or read them.
 */
export function nullIfEmpty<T>(values: readonly (T | null)[]): readonly (T | null)[] | null {
  return values.every((value) => value === null) ? null : values;
}

function encode(value: unknown): unknown {
  return Array.isArray(value) ? toArrayLiteral(value as ArrayElement[]) : value;
}
