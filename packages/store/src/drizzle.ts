import { createRequire } from 'node:module';
import type * as DrizzleOrm from 'drizzle-orm';
import type * as Migrator from 'drizzle-orm/migrator';
import type * as PgCore from 'drizzle-orm/pg-core';

/*
 * What the store uses of Drizzle, loaded as CommonJS: as ES modules its files take Node 0.4 s at every start, because
 * it reads the package's list of exports, which is long, anew for each of them. A killed service is to be back soon.
 */
const load = createRequire(import.meta.url);

export const { and, eq, gte, lt, sql } = load('drizzle-orm') as typeof DrizzleOrm;
export const { readMigrationFiles } = load('drizzle-orm/migrator') as typeof Migrator;
export const {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  PgDialect,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} = load('drizzle-orm/pg-core') as typeof PgCore;

export type { SQL } from 'drizzle-orm';
