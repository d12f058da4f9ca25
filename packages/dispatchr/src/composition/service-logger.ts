import type { BaseLogger, Bindings, ChildLoggerOptions } from 'pino';

/** What the service logs to: pino's logger, Fastify's `app.log`, or anything with their methods. */
export type ServiceLogger = Pick<
  BaseLogger,
  'level' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
> & { child(bindings: Bindings, options?: ChildLoggerOptions): ServiceLogger };
