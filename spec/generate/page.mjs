// The page for human readers: one file, no scripts, nothing from elsewhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { block, code, escapeHtml, inline, json, requirementItem, requirementLink, table } from './html.mjs';
import { modelSections } from './page-models.mjs';
import { operationSections } from './page-operations.mjs';
import { STYLE } from './page-style.mjs';
import { mermaidDiagram, svgDiagram } from './state-diagram.mjs';

/** Answers the HTML of the specification. */
export function humanPage(spec, folder) {
  const { recorder, target, transitions, problems, specialAddresses, requirements, specVersion } = spec;
  const chapters = [
    [
      'recorder',
      'Recorder API',
      block(recorder.info.description) + operationSections(recorder, requirements),
    ],
    ['target', 'Callback contract', block(target.info.description) + operationSections(target, requirements)],
    ['models', 'Models', modelSections({ ...target.components.schemas, ...recorder.components.schemas })],
    ['states', 'State table', stateChapter(transitions)],
    ['problems', 'Problem catalogue', problemChapter(problems)],
    ...proseChapters(folder, { '[special-addresses.json]': specialAddressTable(specialAddresses) }),
    ['index', 'All requirements', requirementIndex(requirements)],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dispatchr specification ${specVersion}</title>
<style>${STYLE}</style>
</head>
<body>
<nav><b>Dispatchr ${specVersion}</b>${chapters.map(([id, title]) => `<a href="#${id}">${escapeHtml(title)}</a>`).join('')}</nav>
<main>
<h1>Dispatchr specification ${specVersion}</h1>
${block(introduction(requirements))}
${chapters.map(([id, title, html]) => `<section class="chapter" id="${id}"><h2>${escapeHtml(title)}</h2>\n${html}</section>`).join('\n')}
</main>
</body>
</html>
`;
}

function introduction(requirements) {
  return `A **producer** submits a task to the **recorder** over HTTP, which answers once the task is durable. A **scheduler** claims due tasks and delivers each to its **target**, an HTTP endpoint of the user's own; the status of the target's answer decides what becomes of the task.

The ${requirements.length} numbered requirements use MUST, SHOULD and MAY as RFC 2119 does. Those that belong to one operation stand with it; the others have chapters of their own. An id never changes and is never used twice.`;
}

function stateChapter(stateTable) {
  const rows = stateTable.transitions.map(({ from, event, to, reason, when, requirement }) => [
    from === null ? '–' : code(from),
    code(event),
    to === null ? '–' : code(to),
    reason === undefined ? '' : code(reason),
    inline(when),
    requirementLink(requirement),
  ]);
  return `${svgDiagram(stateTable)}
<p>A dash is a task that is not recorded yet, or no longer.</p>
${table(['from', 'event', 'to', 'reason', 'when', 'requirement'], rows)}
<details><summary>The same as a Mermaid diagram</summary>${json(mermaidDiagram(stateTable))}</details>`;
}

function problemChapter(problems) {
  const rows = problems.map(({ name, status, title, when, remedy }) => [
    `<span id="problem-${name}">${code(name)}</span>`,
    code(status),
    `<b>${escapeHtml(title)}.</b> ${inline(when)}`,
    inline(remedy),
  ]);
  return `<p>The <code>type</code> of a problem is <code>urn:dispatchr:problem:</code> and its name.</p>${table(['name', 'status', 'when', 'what helps'], rows)}`;
}

function specialAddressTable({ classes, ranges }) {
  const reach = Object.fromEntries(classes.map((row) => [row.class, row.reach]));
  const rows = ranges.map(({ range, what, source, ...row }) => [
    code(range),
    code(row.class),
    `${inline(what)} (${escapeHtml(source)})`,
    escapeHtml(reach[row.class]),
  ]);
  return table(['range', 'class', 'what it is', 'who may reach it'], rows);
}

// A line of `tables` stands for the table that is made from a data file.
function proseChapters(folder, tables) {
  const names = readdirSync(join(folder, 'requirements'))
    .filter((name) => name.endsWith('.md'))
    .toSorted();
  return names.map((name) => {
    const [, title, body] = /^# (.+)\n([^]*)$/.exec(readFileSync(join(folder, 'requirements', name), 'utf8'));
    const html = Object.entries(tables).reduce(
      (text, [line, rows]) => text.replace(`<p>${line}</p>`, () => rows),
      prose(body),
    );
    return [`chapter-${name.slice(3, -3)}`, title, html];
  });
}

// Consecutive requirements become one list with anchors; all else is ordinary Markdown.
function prose(body) {
  const parts = body.split(/((?:^\*\*[A-Z]{3}-\d{3}\*\* .+\n?)+)/m);
  return parts.map((part, index) => (index % 2 === 0 ? block(part) : requirementList(part))).join('');
}

function requirementList(lines) {
  const items = [...lines.matchAll(/^\*\*([A-Z]{3}-\d{3})\*\* (.+)$/gm)].map(([, id, text]) =>
    requirementItem({ id, text }),
  );
  return `<ul class="requirements">${items.join('\n')}</ul>\n`;
}

function requirementIndex(requirements) {
  const rows = requirements.map(({ id, level, operation, source }) => [
    requirementLink(id),
    level,
    operation === undefined ? '' : `<a href="#${operation}">${operation}</a>`,
    code(source),
  ]);
  return table(['id', 'level', 'operation', 'source'], rows);
}
