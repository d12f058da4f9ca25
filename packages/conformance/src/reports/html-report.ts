import { nameOf } from '../run/discovery.ts';
import { findRequirement, REQUIREMENTS } from '../spec/requirements.ts';
import { areaOf, areaOfRequirement } from './area.ts';
import { escapeMarkup as escaped } from './escape-markup.ts';
import { HTML_SCRIPT, HTML_STYLE } from './html-page.ts';
import { countsOf, type MergedResult, type RunRecord, STATUSES } from './run-record.ts';
import { stepText, type Trace } from './terminal-summary.ts';

/** One page for people, which needs nothing but itself: what failed first, then every requirement with its checks. */
export function htmlReport(record: RunRecord, trace: Trace): string {
  const { suite, results } = record;
  const name = escaped(nameOf(suite.discovery));
  const areas = [...new Set(REQUIREMENTS.map(({ id }) => areaOfRequirement(id)))];
  const failures = results.filter(({ status }) => FAILED.includes(status));
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${name}: Dispatchr conformance</title><style>${HTML_STYLE}</style></head><body>`,
    summaryOf(record, name),
    filtersOf(results),
    '<main>',
    failures.length === 0
      ? ''
      : `<section><h2>Failures</h2>${failures.map((each) => checkOf(each, trace)).join('')}</section>`,
    ...areas.map((area) => areaSection(area, results, trace)),
    `</main><script>${HTML_SCRIPT}</script></body></html>\n`,
  ].join('\n');
}

const FAILED: readonly string[] = ['fail', 'unexpected-pass', 'harness-error'];

function summaryOf(
  { suite, exitCode, incompleteBecause, requirementSet, durationMs, toolVersion, results }: RunRecord,
  name: string,
): string {
  const verdict =
    exitCode === 0 && incompleteBecause.length === 0
      ? ['pass', `conforms to Dispatchr ${requirementSet}, profile ${suite.profile}`]
      : exitCode === 0
        ? ['warn', 'shows no violation, as far as it was run']
        : exitCode === 1
          ? ['fail', `does not conform to Dispatchr ${requirementSet}, profile ${suite.profile}`]
          : ['harness-error', exitCode === 130 ? 'was interrupted' : 'met a fault of the suite'];
  const counts = countsOf(results).map(
    ([status, count]) => `<li><b class="${status}">${count}</b> ${status.replace('-', ' ')}</li>`,
  );
  const features = suite.discovery.features.map((feature) => `<code>${escaped(feature)}</code>`);
  return [
    `<header><h1>${name}</h1><p class="verdict ${verdict[0]}">${verdict[1]}</p>`,
    `<ul class="counts">${counts.join('')}</ul>`,
    `<p>${suite.planned} checks planned, ${suite.executed} executed in ${(durationMs / 1000).toFixed(1)} s · ${escaped(suite.url)} · ${suite.startedAt} · seed ${suite.seed} · dispatchr-conformance ${toolVersion}</p>`,
    `<p>Features: ${features.join(' ') || 'none'}</p>`,
    ...incompleteBecause.map((why) => `<p class="note">Incomplete: ${escaped(why)}</p>`),
    '</header>',
  ].join('\n');
}

function filtersOf(results: readonly MergedResult[]): string {
  const boxes = countsOf(results).map(
    ([status]) =>
      `<label><input type="checkbox" value="${status}" checked> ${status.replace('-', ' ')}</label>`,
  );
  return `<form id="filters"><input type="search" placeholder="filter by text" aria-label="filter by text"> ${boxes.join(' ')}</form>`;
}

function areaSection(area: string, results: readonly MergedResult[], trace: Trace): string {
  const requirements = REQUIREMENTS.filter(({ id }) => areaOfRequirement(id) === area).map(
    ({ id, level, text }) => {
      const own = results.filter(({ check }) => check.covers[id] !== undefined);
      const status = STATUSES.find((each) => own.some((result) => result.status === each)) ?? 'none';
      // A check that shows several requirements is told in full where its main one is.
      const checks = own.map((result) =>
        Object.keys(result.check.covers)[0] === id ? checkOf(result, trace) : linkTo(result),
      );
      const none = '<p class="note">No check of this run shows it.</p>';
      return `<div class="requirement" id="${id}" data-status="${status}"><p><a href="#${id}"><code>${id}</code></a> <b class="${status}">${level}</b> ${escaped(text)}</p>${checks.join('') || none}</div>`;
    },
  );
  const counts = countsOf(results.filter(({ check }) => areaOf(check) === area));
  const told = counts.map(([status, count]) => `<b class="${status}">${count}</b>`).join(' ');
  return `<section><h2>${escaped(area)} <small>${told}</small></h2>${requirements.join('\n')}</section>`;
}

function linkTo({ check, status }: MergedResult): string {
  const main = Object.keys(check.covers)[0] ?? '';
  return `<p class="check" data-status="${status}"><b class="${status}">${status}</b> <a href="#${main}"><code>${escaped(check.id)}</code></a></p>`;
}

function checkOf(
  { check, status, durationMs, fault, reason, warnings, timeline, curl }: MergedResult,
  trace: Trace,
): string {
  const requirement = fault === undefined ? undefined : findRequirement(fault.requirement);
  const row = (label: string, text: string | undefined): string =>
    text === undefined || text === '' ? '' : `<dt>${label}</dt><dd><pre>${escaped(text)}</pre></dd>`;
  const isTraced = trace === 'all' || (trace === 'failures' && !['pass', 'not-applicable'].includes(status));
  const rows = [
    row('requirement', requirement === undefined ? undefined : `${requirement.id} ${requirement.text}`),
    row('what', fault?.what),
    row('expected', fault?.expected),
    row('got', fault?.got),
    row('why', reason),
    row('note', warnings.join('\n')),
    row('timeline', isTraced ? timeline.map(stepText).join('\n') : undefined),
    row('again', isTraced ? curl : undefined),
  ].join('');
  const head = `<b class="${status}">${status}</b> <code>${escaped(check.id)}</code> ${escaped(check.title)} <small>${durationMs} ms</small>`;
  if (rows === '') return `<p class="check" data-status="${status}">${head}</p>`;
  const open = FAILED.includes(status) ? ' open' : '';
  return `<details class="check" data-status="${status}"${open}><summary>${head}</summary><dl>${rows}</dl></details>`;
}
