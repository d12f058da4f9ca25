import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Check } from '../check.ts';
import type { CheckResult, Status } from '../run/result.ts';
import { badgeReport } from './badge-report.ts';
import { escapeMarkup } from './escape-markup.ts';
import { htmlReport } from './html-report.ts';
import { jsonReportOf } from './json-report.ts';
import { junitReport } from './junit-report.ts';
import { paintWhere, wantsColour } from './paint.ts';
import { countsOf, mergeRuns, type RunRecord } from './run-record.ts';
import { tapReport } from './tap-report.ts';
import { terminalSummary } from './terminal-summary.ts';

const HOSTILE = '</pre><script>alert("1")</script>\u0000\u001B]]> & # TODO\nnext';

function resultOf(id: string, status: Status, members: Partial<CheckResult> = {}): CheckResult {
  const check: Check = {
    id,
    title: `${id} is so.`,
    covers: { 'REC-001': 'hash' },
    profile: 'core',
    run: () => Promise.resolve(),
  };
  return { check, status, durationMs: 12, warnings: [], timeline: [], ...members };
}

const failure = resultOf('fails', 'fail', {
  fault: { requirement: 'REC-001', what: HOSTILE, expected: '201', got: HOSTILE },
  timeline: [{ atMs: 3, kind: 'request', text: HOSTILE }],
  curl: "curl -i 'http://x'",
});

function recordOf(results: readonly CheckResult[], members: Partial<RunRecord> = {}): RunRecord {
  return {
    suite: {
      runId: '01234567',
      url: 'http://x.test',
      profile: 'core',
      seed: 7,
      startedAt: '2026-11-22T00:00:00.000Z',
      durationMs: 100,
      discovery: {
        specVersions: ['1.0'],
        implementation: { name: '<b>name</b>', version: '1' },
        durability: 'disk',
        limits: {} as never,
        targetPolicy: { loopback: true, private: true, allow: [] },
        features: ['batch'],
      },
      timing: { latencyMs: 1, backoffMs: 100, patienceMs: 1000, quietMs: 100, missedAfterMs: 60_000 },
      results,
      planned: 2,
      executed: 2,
    },
    results,
    toolVersion: '0.1.0',
    requirementSet: '1.0',
    durationMs: 100,
    repeat: 1,
    exitCode: 0,
    incompleteBecause: [],
    ...members,
  };
}

describe('a text in markup', () => {
  it('cannot leave its place, and has no character that XML forbids', () => {
    expect(escapeMarkup('<a href="x">&\u0000\uD800é\n')).toBe(
      '&lt;a href=&quot;x&quot;&gt;&amp;\uFFFD\uFFFDé\n',
    );
  });
});

describe('the JUnit report', () => {
  it('counts, and keeps what an implementation sent in its place', () => {
    const skipped = resultOf('skipped', 'not-applicable', { reason: 'no "batch"' });
    const text = junitReport(recordOf([failure, skipped, resultOf('broken', 'harness-error')]), 'failures');
    expect(text).toContain('tests="3" failures="1" errors="1" skipped="1"');
    expect(text).toContain('<skipped message="not-applicable: no &quot;batch&quot;"/>');
    expect(text).not.toContain('<script>');
    expect(text).toContain(']]&gt;');
    expect(text).not.toContain('\u0000');
  });
});

describe('the TAP report', () => {
  it('has a plan, directives, and diagnostics that are YAML', () => {
    const expected = resultOf('known', 'expected-fail', { reason: HOSTILE });
    const text = tapReport(recordOf([failure, expected, resultOf('passes', 'pass')]), 'failures');
    expect(text).toMatch(/^TAP version 14\n1\.\.3\nnot ok 1 - fails\n {2}---\n/);
    expect(text).toMatch(/^not ok 2 - known # TODO .*\\# TODO next$/m);
    expect(text).toMatch(/^ok 3 - passes$/m);
    const [, block = ''] = /^ {2}---\n([\s\S]*?)^ {2}\.\.\.$/m.exec(text) ?? [];
    expect(parse(block)).toMatchObject({ status: 'fail', requirement: 'REC-001', what: HOSTILE });
  });
});

describe('the HTML report', () => {
  it('needs nothing from elsewhere, and shows what an implementation sent as text', () => {
    const text = htmlReport(recordOf([failure], { exitCode: 1 }), 'failures');
    expect(text).not.toMatch(/(?:src|href)="(?!#)/);
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<b>name</b>');
    expect(text).toContain('does not conform to Dispatchr 1.0');
    expect(text).toContain('id="REC-001" data-status="fail"');
  });
});

describe('the badge', () => {
  const results = [resultOf('one', 'pass'), resultOf('two', 'warn')];

  it('claims the profile and the version', () => {
    expect(JSON.parse(badgeReport(recordOf(results)) ?? '')).toEqual({
      schemaVersion: 1,
      label: 'dispatchr',
      message: 'core 1.0 · 2/2',
      color: 'brightgreen',
    });
  });

  it('is not earned by an incomplete run', () => {
    expect(badgeReport(recordOf(results, { incompleteBecause: ['interrupted'] }))).toBeUndefined();
  });

  it('is not green with failures, expected or not', () => {
    const known = badgeReport(recordOf([resultOf('one', 'pass'), resultOf('two', 'expected-fail')]));
    expect(JSON.parse(known ?? '')).toMatchObject({ message: 'core 1.0 · 1/2', color: 'yellow' });
    expect(badgeReport(recordOf([failure], { exitCode: 1 }))).toContain('"red"');
  });
});

describe('the JSON report', () => {
  it('tells of each requirement how its checks ended, the worst first', () => {
    const report = jsonReportOf(recordOf([resultOf('passes', 'pass'), failure]), 'failures');
    expect(report.requirements.find(({ id }) => id === 'REC-001')).toMatchObject({
      status: 'fail',
      checks: ['passes', 'fails'],
    });
    expect(report.verdict.counts).toEqual({ pass: 1, fail: 1 });
  });

  it('has the timelines that were asked for', () => {
    const traced = (trace: 'off' | 'failures' | 'all'): (string | undefined)[] =>
      jsonReportOf(recordOf([resultOf('passes', 'pass'), failure]), trace).checks.map(({ id, timeline }) =>
        timeline === undefined ? undefined : id,
      );
    expect(traced('off')).toEqual([undefined, undefined]);
    expect(traced('failures')).toEqual([undefined, 'fails']);
    expect(traced('all')).toEqual(['passes', 'fails']);
  });
});

describe('the summary on a terminal', () => {
  it('says what was expected and what came, with the requirement and the command', () => {
    const text = terminalSummary(recordOf([failure], { exitCode: 1 }), paintWhere(false), 'failures');
    for (const part of [
      'REC-001 ',
      'expected  201',
      'got  ',
      '3 ms → request',
      "curl -i 'http://x'",
      'does not conform',
    ])
      expect(text).toContain(part);
  });

  it('claims conformance only for a complete run', () => {
    const whole = terminalSummary(recordOf([resultOf('one', 'pass')]), paintWhere(false), 'off');
    expect(whole).toContain('conforms to Dispatchr 1.0, profile core');
    const part = recordOf([resultOf('one', 'pass')], { incompleteBecause: ['--only left checks out'] });
    expect(terminalSummary(part, paintWhere(false), 'off')).not.toContain('conforms to');
  });
});

describe('colours', () => {
  it('are for terminals, unless the environment says otherwise', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({}, {})).toBe(false);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({}, { FORCE_COLOR: '1' })).toBe(true);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  });
});

describe('several runs', () => {
  it('keep the worst result of a check, and name a flake', () => {
    const merged = mergeRuns([
      [resultOf('one', 'pass')],
      [resultOf('one', 'fail')],
      [resultOf('one', 'pass')],
    ]);
    expect(merged).toMatchObject([
      { status: 'fail', runs: ['pass', 'fail', 'pass'], warnings: ['fail in 1 of 3 runs: a flake'] },
    ]);
    expect(countsOf(merged)).toEqual([['fail', 1]]);
  });
});
