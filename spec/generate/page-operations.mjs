// The operations of a document as HTML.
import { block, code, escapeHtml, inline, json, requirementItem, table } from './html.mjs';
import { operationsOf } from './normalise.mjs';
import { typeOf } from './page-models.mjs';

/** Every operation of a document: a summary table, then one section each. */
export function operationSections(document, requirements) {
  const operations = inOrderOfTags(document);
  const rows = operations.map(({ path, method, operation }) => [
    `<a href="#${operation.operationId}">${operation.operationId}</a>`,
    code(`${method.toUpperCase()} ${path}`),
    inline(operation.summary),
  ]);
  const sections = operations.map((each) => operationSection(each, document, requirements));
  return table(['operation', 'request', ''], rows) + sections.join('');
}

// The emitter sorts by path; a reader wants submitting first.
function inOrderOfTags(document) {
  const place = ({ operation }) => document.tags.findIndex(({ name }) => name === operation.tags[0]);
  return operationsOf(document).toSorted((a, b) => place(a) - place(b));
}

function operationSection({ path, method, operation }, document, requirements) {
  const bound = requirements.filter(({ operation: id }) => id === operation.operationId);
  return `<section id="${operation.operationId}">
<h3>${escapeHtml(operation.summary)}</h3>
<p class="route"><b>${method.toUpperCase()}</b> ${escapeHtml(path)} <span>${operation.operationId}${isPublic(operation) ? ', no token' : ''}</span></p>
${block(operation.description)}
${parameterTable(operation.parameters)}
${requestBody(operation.requestBody)}
${responseTable(operation, document)}
${examples(operation)}
<ul class="requirements">${bound.map(requirementItem).join('\n')}</ul>
</section>
`;
}

function isPublic({ security }) {
  return security?.some((scheme) => Object.keys(scheme).length === 0) ?? false;
}

function parameterTable(parameters) {
  if (parameters.length === 0) return '';
  const rows = parameters.map((each) => [
    code(each.name),
    each.in + (each.required ? ', required' : ''),
    typeOf(each.schema),
    inline(each.description) + exampleOf(each.example),
  ]);
  return `<h4>Parameters</h4>${table(['name', 'in', 'type', 'meaning'], rows)}`;
}

function exampleOf(example) {
  return example === undefined ? '' : ` <span class="example">For example ${code(example)}</span>`;
}

function requestBody(body) {
  if (body === undefined) return '';
  const types = Object.entries(body.content).map(
    ([media, { schema }]) => `${code(media)}: ${typeOf(schema)}`,
  );
  return `<h4>Body${body.required ? '' : ' (may be left out)'}</h4><p>${types.join(', ')}</p>`;
}

function responseTable(operation, document) {
  const rows = Object.entries(operation.responses).map(([status, response]) => [
    code(status),
    inline(response.description) + headerList(response.headers) + problemList(response, document),
    Object.entries(response.content ?? {})
      .map(([media, { schema }]) => `${typeOf(schema)}<br><small>${escapeHtml(media)}</small>`)
      .join(''),
  ]);
  return `<h4>Answers</h4>${table(['status', 'meaning', 'body'], rows)}`;
}

function headerList(headers = {}) {
  const items = Object.entries(headers).map(
    ([name, { description, example }]) =>
      `<li>header ${code(name)}: ${inline(description)}${exampleOf(example)}</li>`,
  );
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

function problemList({ content }, document) {
  const names = Object.keys(content?.['application/problem+json']?.examples ?? {}).filter(
    (name) => document.components.examples?.[name] !== undefined,
  );
  const links = names.map((name) => `<a href="#problem-${name}">${name}</a>`);
  return links.length === 0 ? '' : `<div>Problems: ${links.join(', ')}</div>`;
}

function examples(operation) {
  const request = exampleBody(operation.requestBody);
  const [[status, response]] = Object.entries(operation.responses);
  const answer = Number(status) < 300 ? exampleBody(response) : undefined;
  return [
    request === undefined ? '' : `<h4>Example of a request</h4>${json(request)}`,
    answer === undefined ? '' : `<h4>Example of an answer</h4>${json(answer)}`,
  ].join('');
}

function exampleBody(message) {
  const [content] = Object.values(message?.content ?? {});
  return content?.example ?? Object.values(content?.examples ?? {})[0]?.value;
}
