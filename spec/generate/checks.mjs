// What must hold across the sources; each check answers with sentences about what does not.
import { keywordsOf } from './requirements.mjs';
import { operationsOf, walk } from './normalise.mjs';

/** Answers what is wrong with the sources, one sentence each; an empty list when nothing is. */
export function findFaults({ recorder, target, transitions, problems, specialAddresses, requirements }) {
  const operations = [recorder, target].flatMap(operationsOf);
  return [
    ...requirementFaults(requirements),
    ...transitionFaults(transitions, requirements, recorder.components.schemas),
    ...problemFaults(problems, operationsOf(recorder)),
    ...specialAddressFaults(specialAddresses, requirements),
    ...operations.flatMap(operationFaults),
    ...[recorder, target].flatMap(schemaFaults),
  ];
}

function requirementFaults(requirements) {
  const seen = new Map();
  return requirements.flatMap(({ id, text, source }) => {
    const before = seen.get(id);
    seen.set(id, source);
    const keywords = keywordsOf(text);
    return [
      ...(before === undefined ? [] : [`${id}: expected a new id, got one that ${before} has too`]),
      ...(/^[A-Z]{3}-\d{3}$/.test(id) ? [] : [`${id}: expected an id such as REC-001`]),
      ...(keywords.length === 1
        ? []
        : [`${id}: expected exactly one RFC 2119 keyword, got ${keywords.join(', ') || 'none'}`]),
      ...(text.endsWith('.') ? [] : [`${id}: expected one sentence that ends in a full stop`]),
      ...(source === undefined ? [`${id}: expected a source file`] : []),
    ];
  });
}

function transitionFaults({ states, transitions }, requirements, schemas) {
  const ids = new Set(requirements.map(({ id }) => id));
  const names = [null, ...states.map(({ name }) => name)];
  const reasons = transitions.flatMap(({ reason }) => reason ?? []);
  return [
    ...differences('states', names.slice(1), Object.keys(schemas.TaskState['x-known-values'])),
    ...differences('reasons', reasons, Object.keys(schemas.FailureReason['x-known-values'])),
    ...transitions.flatMap(({ from, event, to, reason, requirement }) => [
      ...(names.includes(from) && names.includes(to)
        ? []
        : [`transition ${from} ${event} ${to}: unknown state`]),
      ...(ids.has(requirement) ? [] : [`transition ${from} ${event} ${to}: no requirement ${requirement}`]),
      ...((to === 'failed') === (reason !== undefined)
        ? []
        : [`transition ${from} ${event} ${to}: a reason goes with failed`]),
    ]),
  ];
}

// Both ways: a response has a problem that explains it, and a problem has a response that carries it.
function problemFaults(problems, operations) {
  const used = operations.flatMap(({ operation }) => operation['x-dispatchr-problems'] ?? []);
  const onlyServer = problems.filter(({ scope }) => scope === 'server').map(({ name }) => name);
  return [
    ...differences(
      'problems',
      [...used, ...onlyServer],
      problems.map(({ name }) => name),
    ),
    ...operations.flatMap(({ operation }) => {
      const statuses = problems
        .filter(({ name }) => operation['x-dispatchr-problems']?.includes(name))
        .map((each) => String(each.status));
      const errors = Object.keys(operation.responses).filter((status) => Number(status) >= 400);
      return differences(`error statuses of ${operation.operationId}`, errors, statuses);
    }),
  ];
}

function specialAddressFaults({ classes, metadataNames, ranges }, requirements) {
  const names = requirements.find(({ id }) => id === 'POL-008')?.text ?? '';
  const seen = ranges.map(({ range }) => range);
  return [
    ...differences(
      'classes of special addresses',
      ranges.map((row) => row.class),
      classes.map((row) => row.class),
    ),
    ...seen
      .filter((range, index) => seen.indexOf(range) !== index)
      .map((range) => `special address ${range}: expected it once`),
    ...metadataNames
      .filter((name) => !names.includes(`\`${name}\``))
      .map((name) => `POL-008: expected the name ${name}`),
  ];
}

function operationFaults({ operation }) {
  const name = operation.operationId;
  const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((each) =>
    Object.values(each?.content ?? {}),
  );
  const places = [...operation.parameters, ...Object.values(operation.responses)];
  return [
    ...(contents.some(({ example, examples }) => example ?? examples) || operation.responses['204']
      ? []
      : [`${name}: expected an example`]),
    ...(operation.description ? [] : [`${name}: expected a description`]),
    ...places
      .filter(({ description }) => !description)
      .map((place) => `${name} ${place.name ?? ''}: expected a description`),
    ...((operation['x-dispatchr-requirements'] ?? []).length > 0 || name.startsWith('getOpenApi')
      ? []
      : [`${name}: expected a requirement`]),
  ];
}

function schemaFaults({ components: { schemas } }) {
  const faults = [];
  for (const [name, schema] of Object.entries(schemas)) {
    if (!schema.description) faults.push(`schema ${name}: expected a description`);
    walk(schema, ({ properties = {} }) => {
      for (const [member, { description }] of Object.entries(properties)) {
        if (typeof description !== 'string')
          faults.push(`schema ${name}, member ${member}: expected a description`);
      }
    });
  }
  return faults;
}

function differences(what, got, expected) {
  const missing = expected.filter((each) => !got.includes(each));
  const extra = got.filter((each) => !expected.includes(each));
  return [
    ...[...new Set(missing)].map((each) => `${what}: expected ${each}, got none`),
    ...[...new Set(extra)].map((each) => `${what}: ${each} has no counterpart`),
  ];
}
