import type { SettingKind, ValueOfKind } from './setting-kinds.ts';

/** What a process runs: recorder and scheduler together, or one of the two. */
export type ServiceRole = 'serve' | 'recorder' | 'scheduler';

/** The commands that read settings; `config` shows them all. */
export type Role = ServiceRole | 'migrate';

/** One setting: its kind, default, meaning, and the reason for the default. */
export interface SettingDefinition {
  kind: SettingKind;
  default?: unknown;
  /** What holds when there is no default value, in words. */
  otherwise?: string;
  meaning: string;
  reason: string;
  /** `all`: never shown; `password`: shown without its password. */
  secret?: 'all' | 'password';
  /** A widely used environment variable that is read too, after `DISPATCHR_…`. */
  alsoVariable?: string;
  roles: readonly Role[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const CENTURY = 36_500 * DAY;
const MIB = 1024 * 1024;

const LISTENS: readonly Role[] = ['serve', 'recorder'];
const DELIVERS: readonly Role[] = ['serve', 'scheduler'];
const RUNS: readonly Role[] = ['serve', 'recorder', 'scheduler'];
const EVERY: readonly Role[] = ['serve', 'recorder', 'scheduler', 'migrate'];

/** Every setting, in the order in which it is listed. Flag and variable follow from the name. */
export const SETTINGS = {
  host: {
    kind: { type: 'text', pattern: /^[^\s/]+$/, expected: 'an IP address or a host name' },
    default: '127.0.0.1',
    meaning: 'Address to listen on. Any other than a loopback address needs `token`.',
    reason: 'What nobody else can reach needs no password.',
    alsoVariable: 'HOST',
    roles: LISTENS,
  },
  port: {
    kind: { type: 'integer', min: 0, max: 65_535 },
    default: 9090,
    meaning: 'Port to listen on; 0 takes any free one.',
    reason: 'Rarely taken by the framework of an app on the same machine.',
    alsoVariable: 'PORT',
    roles: LISTENS,
  },
  token: {
    kind: {
      type: 'text',
      pattern: /^[A-Za-z0-9._~+/-]+=*$/,
      expected: 'a bearer token of letters, digits and - . _ ~ + /',
    },
    otherwise: 'no token is asked for',
    meaning: 'Bearer token that every request to the API must carry.',
    reason: 'Not needed on loopback.',
    secret: 'all',
    roles: LISTENS,
  },
  databaseUrl: {
    kind: { type: 'postgres-url' },
    otherwise: 'the embedded database in `dataDir`',
    meaning: 'PostgreSQL (15 or later) that holds the tasks.',
    reason: 'The first task should need nothing but Node.',
    secret: 'password',
    alsoVariable: 'DATABASE_URL',
    roles: EVERY,
  },
  databaseListenUrl: {
    kind: { type: 'postgres-url', orOff: true },
    otherwise: 'the same as `databaseUrl`',
    meaning: 'Direct connection for LISTEN when `databaseUrl` leads to a pooler; `off` leaves it to polling.',
    reason: 'LISTEN does not work through a pooler in transaction mode.',
    secret: 'password',
    roles: RUNS,
  },
  databasePrepare: {
    kind: { type: 'boolean' },
    default: true,
    meaning: 'Prepare statements; `false` for PgBouncer before 1.21 in transaction mode.',
    reason: 'Prepared statements take about a third of the time.',
    roles: EVERY,
  },
  databaseTimeoutMs: {
    kind: { type: 'integer', min: 100, max: 10 * MINUTE, unit: 'ms' },
    default: 10 * SECOND,
    meaning: 'Deadline of every call to the database; a connection that misses it is destroyed.',
    reason: 'Longer than any statement of ours, shorter than the patience of a producer.',
    roles: EVERY,
  },
  databaseWaitMs: {
    kind: { type: 'integer', min: 0, max: 60 * MINUTE, unit: 'ms' },
    default: 0,
    meaning: 'How long the start waits for a PostgreSQL that is not up yet.',
    reason: 'A wrong address should show at once; set it where both start together.',
    roles: EVERY,
  },
  migrateOnStart: {
    kind: { type: 'boolean' },
    default: true,
    meaning: 'Apply missing migrations at the start; `false` leaves that to `dispatchr migrate`.',
    reason: 'Safe from several processes at once, and one step fewer.',
    roles: RUNS,
  },
  dataDir: {
    kind: { type: 'text', pattern: /\S/, expected: 'the path of a folder' },
    default: '.dispatchr',
    meaning: 'Folder of the embedded database, from the working directory; used without `databaseUrl`.',
    reason: 'Next to the app that is being tried out.',
    roles: ['serve', 'migrate'],
  },
  targetAllow: {
    kind: { type: 'list', item: 'allowed-target' },
    default: [],
    meaning: 'Loopback or private addresses that tasks may go to, each `address[/bits][:port]`.',
    reason: 'Private networks are closed as soon as the API listens beyond loopback.',
    roles: RUNS,
  },
  signingSecrets: {
    kind: { type: 'list', item: 'signing-secret' },
    default: [],
    meaning: 'Standard Webhooks secrets; each signs every delivery, so that secrets can be rotated.',
    reason: 'A secret must be known to the targets too.',
    secret: 'all',
    roles: RUNS,
  },
  concurrency: {
    kind: { type: 'integer', min: 1, max: 10_000 },
    default: 100,
    meaning: 'Deliveries in flight at most, for each scheduler process; nine tenths of them to one origin.',
    reason: 'Keeps a scheduler busy against targets that take a second, without flooding them.',
    roles: DELIVERS,
  },
  pollIntervalMs: {
    kind: { type: 'integer', min: 10, max: MINUTE, unit: 'ms' },
    default: SECOND,
    meaning: 'How often an idle scheduler looks for due tasks when no hint reaches it.',
    reason: 'The longest anyone waits when hints are lost; one cheap statement a second.',
    roles: DELIVERS,
  },
  gracePeriodMs: {
    kind: { type: 'integer', min: 0, max: 30 * MINUTE, unit: 'ms' },
    default: 25 * SECOND,
    meaning: 'How long deliveries in flight may go on after SIGTERM; the rest is released for others.',
    reason: 'Kubernetes kills after 30 s.',
    roles: RUNS,
  },
  reconnectIntervalMs: {
    kind: { type: 'integer', min: 10, max: MINUTE, unit: 'ms' },
    default: 500,
    meaning: 'First pause before the database is tried again; it doubles from there.',
    reason: 'A restarted PostgreSQL is back in seconds.',
    roles: RUNS,
  },
  reconnectMaxIntervalMs: {
    kind: { type: 'integer', min: 10, max: 10 * MINUTE, unit: 'ms' },
    default: 5 * SECOND,
    meaning: 'Longest pause before the database is tried again.',
    reason: 'Back soon after a long outage, without a storm of connections.',
    roles: RUNS,
  },
  retentionCompletedMs: {
    kind: { type: 'integer', min: SECOND, max: CENTURY, unit: 'ms' },
    default: 7 * DAY,
    meaning: 'How long completed tasks are kept.',
    reason: 'A week to look up what happened; the id stays taken for as long.',
    roles: RUNS,
  },
  retentionFailedMs: {
    kind: { type: 'integer', min: SECOND, max: CENTURY, unit: 'ms' },
    default: 30 * DAY,
    meaning: 'How long failed and cancelled tasks are kept.',
    reason: 'A month to notice, to repair and to retry.',
    roles: RUNS,
  },
  maxTaskBytes: {
    kind: { type: 'integer', min: 1024, max: 64 * MIB, unit: 'bytes' },
    default: MIB,
    meaning: 'Largest body of a submit.',
    reason: 'Arguments are meant to name data, not to carry it.',
    roles: LISTENS,
  },
  maxBatchBytes: {
    kind: { type: 'integer', min: 1024, max: 256 * MIB, unit: 'bytes' },
    default: 16 * MIB,
    meaning: 'Largest body of a batch; at least `maxTaskBytes`.',
    reason: 'A thousand tasks of 16 KiB; it is held in memory.',
    roles: LISTENS,
  },
  maxBatchTasks: {
    kind: { type: 'integer', min: 1, max: 1000 },
    default: 1000,
    meaning: 'Most tasks in one batch.',
    reason: 'One insert of that size does not stall others.',
    roles: LISTENS,
  },
  maxDepth: {
    kind: { type: 'integer', min: 4, max: 1000 },
    default: 64,
    meaning: 'Deepest nesting of JSON that is accepted.',
    reason: 'Far beyond honest data, far below what exhausts a stack.',
    roles: LISTENS,
  },
  logLevel: {
    kind: {
      type: 'choice',
      values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    },
    default: 'info',
    meaning: 'Least level that is logged; `debug` adds stacks to errors at the start.',
    reason: 'One line for each thing an operator would want to know.',
    roles: EVERY,
  },
  logFormat: {
    kind: { type: 'choice', values: ['auto', 'json', 'pretty'] },
    default: 'auto',
    meaning: 'Form of the log on standard output; `auto` is pretty on a terminal and JSON elsewhere.',
    reason: 'People read terminals, programs read the rest.',
    roles: EVERY,
  },
} as const satisfies Record<string, SettingDefinition>;

/** The name of a setting, as in the config file. */
export type SettingName = keyof typeof SETTINGS;

/** All settings after resolution; those without a default may be absent. */
export type Settings = {
  [K in SettingName as (typeof SETTINGS)[K] extends { default: unknown } ? K : never]: ValueOf<K>;
} & {
  [K in SettingName as (typeof SETTINGS)[K] extends { default: unknown } ? never : K]?: ValueOf<K>;
};

/** All names in catalogue order. */
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** Looks a setting up without narrowing it to its literal type. */
export function definitionOf(name: SettingName): SettingDefinition {
  return SETTINGS[name];
}

/** The flag of a setting: `dataDir` → `--data-dir`. */
export function flagOf(name: SettingName): string {
  return `--${inWords(name).join('-')}`;
}

/** The environment variables of a setting, first wins: `dataDir` → `DISPATCHR_DATA_DIR`. */
export function variablesOf(name: SettingName): string[] {
  const own = `DISPATCHR_${inWords(name).join('_').toUpperCase()}`;
  const also = definitionOf(name).alsoVariable;
  return also === undefined ? [own] : [own, also];
}

type ValueOf<K extends SettingName> = ValueOfKind<(typeof SETTINGS)[K]['kind']>;

function inWords(name: string): string[] {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
}
