// Small pieces of HTML for the human page.
import markdownIt from 'markdown-it';

const markdown = markdownIt({ html: false, linkify: false });

/** Text as HTML. */
export function escapeHtml(text) {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Markdown of a sentence or a few words. */
export function inline(text) {
  return markdown.renderInline(text ?? '');
}

/** Markdown of several paragraphs, headings and tables. */
export function block(text) {
  return markdown.render(text ?? '');
}

/** A table; cells are HTML. */
export function table(headings, rows) {
  if (rows.length === 0) return '';
  const head = headings.map((heading) => `<th>${heading}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>\n`;
}

/** Text in a monospaced box. */
export function code(text) {
  return `<code>${escapeHtml(text)}</code>`;
}

/** A value as a box of JSON. */
export function json(value) {
  return `<pre>${escapeHtml(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</pre>\n`;
}

/** A requirement's id as a link to its sentence. */
export function requirementLink(id) {
  return `<a class="id" href="#${id}">${id}</a>`;
}

/** A requirement as the place that links lead to. */
export function requirementItem({ id, text }) {
  return `<li id="${id}"><a class="id" href="#${id}">${id}</a> ${inline(text)}</li>`;
}
