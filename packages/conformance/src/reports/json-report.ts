import type { Status } from '../run/result.ts';
import type { Timing } from '../run/timing.ts';
import type { TimelineEntry } from '../run/timeline.ts';
import { REQUIREMENTS } from '../spec/requirements.ts';
import { areaOf } from './area.ts';
import { countsOf, type MergedResult, type RunRecord, STATUSES } from './run-record.ts';
import type { Trace } from './terminal-summary.ts';

/** The JSON report, version 1. Members may be added; one that is renamed or removed makes a new version. */
export interface JsonReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'dispatchr-conformance'; readonly version: string };
  readonly run: {
    readonly id: string;
    readonly url: string;
    readonly profile: string;
    /** Version of the specification that the implementation was judged by. */
    readonly specVersion: string;
    readonly seed: number;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly repeat: number;
    readonly timing: Timing;
  };
  /** What discovery said of the implementation. */
  readonly implementation: {
    readonly name?: string;
    readonly version?: string;
    readonly specVersions: readonly string[];
    readonly features: readonly string[];
    readonly durability?: string;
  };
  readonly verdict: {
    readonly exitCode: number;
    /** True if nothing was violated and nothing was left out. */
    readonly conforms: boolean;
    readonly planned: number;
    readonly executed: number;
    readonly counts: Readonly<Partial<Record<Status, number>>>;
    readonly incompleteBecause: readonly string[];
  };
  readonly checks: readonly JsonCheck[];
  readonly requirements: readonly {
    readonly id: string;
    readonly level: string;
    readonly text: string;
    readonly source: string;
    /** The worst status of its checks; left out if none of them was selected. */
    readonly status?: Status;
    readonly checks: readonly string[];
  }[];
}

interface JsonCheck {
  readonly id: string;
  readonly title: string;
  readonly area: string;
  readonly requirements: readonly string[];
  readonly status: Status;
  readonly durationMs: number;
  readonly fault?: {
    readonly requirement: string;
    readonly what: string;
    readonly expected?: string;
    readonly got?: string;
  };
  readonly reason?: string;
  readonly warnings: readonly string[];
  /** How each run ended; only with `--repeat`. */
  readonly runs?: readonly Status[];
  readonly timeline?: readonly TimelineEntry[];
  readonly curl?: string;
}

/** The report for programs, as text. */
export function jsonReport(record: RunRecord, trace: Trace): string {
  return `${JSON.stringify(jsonReportOf(record, trace), undefined, 2)}\n`;
}

/** The report for programs, as a value. */
export function jsonReportOf(record: RunRecord, trace: Trace): JsonReport {
  const { suite, results, exitCode, incompleteBecause } = record;
  const { implementation, specVersions, features, durability } = suite.discovery;
  return {
    schemaVersion: 1,
    tool: { name: 'dispatchr-conformance', version: record.toolVersion },
    run: {
      id: suite.runId,
      url: suite.url,
      profile: suite.profile,
      specVersion: record.requirementSet,
      seed: suite.seed,
      startedAt: suite.startedAt,
      durationMs: record.durationMs,
      repeat: record.repeat,
      timing: suite.timing,
    },
    implementation: { ...implementation, specVersions, features, durability },
    verdict: {
      exitCode,
      conforms: exitCode === 0 && incompleteBecause.length === 0,
      planned: suite.planned,
      executed: suite.executed,
      counts: Object.fromEntries(countsOf(results)),
      incompleteBecause,
    },
    checks: results.map((result) => jsonCheckOf(result, trace)),
    requirements: REQUIREMENTS.map(({ id, level, text, source }) => {
      const own = results.filter(({ check }) => check.covers[id] !== undefined);
      const status = STATUSES.find((each) => own.some((result) => result.status === each));
      return {
        id,
        level,
        text,
        source,
        ...(status === undefined ? {} : { status }),
        checks: own.map(({ check }) => check.id),
      };
    }),
  };
}

function jsonCheckOf(result: MergedResult, trace: Trace): JsonCheck {
  const { check, status, durationMs, fault, reason, warnings, runs, timeline, curl } = result;
  const isTraced =
    trace === 'all' ||
    (trace === 'failures' && !['pass', 'not-applicable', 'not-exercised'].includes(status));
  return {
    id: check.id,
    title: check.title,
    area: areaOf(check),
    requirements: Object.keys(check.covers),
    status,
    durationMs,
    ...(fault === undefined ? {} : { fault }),
    ...(reason === undefined ? {} : { reason }),
    warnings,
    ...(runs === undefined ? {} : { runs }),
    ...(isTraced ? { timeline } : {}),
    ...(isTraced && curl !== undefined ? { curl } : {}),
  };
}
