// Turns what the TypeSpec emitter writes into the documents that are published.

/**
 * Answers a copy of an emitted OpenAPI document with short schema names, parameters in place and with examples, closed
 * and open objects said with `additionalProperties`, and the meaning of every known value of an open enumeration.
 */
export function normaliseDocument(document, { variants, parameterExamples }) {
  const copy = JSON.parse(
    JSON.stringify(document).replaceAll('#/components/schemas/Dispatchr.', '#/components/schemas/'),
  );
  copy.components.schemas = sortedSchemas(copy.components.schemas);
  inlineParameters(copy);
  walk(copy, replaceUnevaluatedProperties);
  walk(copy, nameInstantFormat);
  addParameterExamples(copy, parameterExamples);
  for (const [name, schema] of Object.entries(copy.components.schemas)) {
    if (variants[name] !== undefined) schema['x-known-values'] = variants[name];
  }
  return copy;
}

/** Adds the callback contract to the operation that submits a task; both documents are normalised. */
export function addCallback(recorder, target) {
  const pathItem = structuredClone(target.paths['/']);
  recorder.paths['/v1/tasks'].post.callbacks = { deliverTask: { '{$request.body#/target}': pathItem } };
  for (const { operation } of operationsOf({ paths: { '/': pathItem } }))
    delete operation['x-dispatchr-requirements'];
  recorder.components.schemas = sortedSchemas({
    ...target.components.schemas,
    ...recorder.components.schemas,
  });
}

/** Adds to every error response a reference to an example of each problem the operation answers with. */
export function addProblemExamples(recorder, problems) {
  const examples = problems.map((problem) => [
    problem.name,
    { summary: problem.when, value: problemExample(problem) },
  ]);
  recorder.components.examples = Object.fromEntries(examples);
  for (const { operation } of operationsOf(recorder)) {
    for (const name of operation['x-dispatchr-problems'] ?? []) {
      const problem = problems.find((each) => each.name === name);
      const content = operation.responses[problem?.status]?.content?.['application/problem+json'];
      if (content === undefined) continue;
      content.examples = { ...content.examples, [name]: { $ref: `#/components/examples/${name}` } };
    }
  }
}

/** Calls `visit` with every object in `value`, outermost first. */
export function walk(value, visit) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value);
  for (const member of Object.values(value)) walk(member, visit);
}

/** Answers `[{path, method, operation}]` of a document, in its order. */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

function problemExample({ name, title, status, detail, extra }) {
  return { type: `urn:dispatchr:problem:${name}`, title, status, detail, ...extra };
}

function sortedSchemas(schemas) {
  const named = Object.entries(schemas).map(([name, schema]) => [name.replace(/^Dispatchr\./, ''), schema]);
  return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function inlineParameters(document) {
  const shared = document.components.parameters ?? {};
  const name = ({ $ref }) => $ref.replace('#/components/parameters/', '');
  for (const { operation } of operationsOf(document)) {
    operation.parameters = operation.parameters.map((parameter) =>
      parameter.$ref === undefined ? parameter : structuredClone(shared[name(parameter)]),
    );
  }
  delete document.components.parameters;
}

function addParameterExamples(document, examples) {
  for (const { operation } of operationsOf(document)) {
    const headers = Object.values(operation.responses).flatMap((response) =>
      Object.values(response.headers ?? {}),
    );
    for (const place of [...operation.parameters, ...headers]) {
      const example = examples.get(place.description);
      if (example !== undefined && place.examples === undefined) place.example = example;
    }
  }
}

// openapi-typescript and most other readers know `additionalProperties` only.
function replaceUnevaluatedProperties(object) {
  if (object.unevaluatedProperties === undefined || object.type !== 'object') return;
  object.additionalProperties = object.unevaluatedProperties;
  delete object.unevaluatedProperties;
}

// TypeSpec names the encoding of an instant in a header; JSON Schema has another name for it.
function nameInstantFormat(object) {
  if (object.format === 'rfc3339') object.format = 'date-time';
}
