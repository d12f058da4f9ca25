// The TypeScript of packages/contract/src/gen.
import { limitsModule } from './contract-limits.mjs';
import { documentModule, openApiTypes } from './contract-openapi.mjs';
import { GENERATED, literal } from './write.mjs';

/** Answers `{name: text}` of the files of packages/contract/src/gen. */
export async function contractFiles({
  recorder,
  recorderYaml,
  transitions,
  problems,
  specialAddresses,
  requirements,
  specVersion,
}) {
  return {
    'openapi.ts': await openApiTypes(recorder),
    'document.ts': documentModule(recorder, recorderYaml),
    'states.ts': statesModule(transitions),
    'values.ts': valuesModule(recorder.components.schemas),
    'problems.ts': problemsModule(problems),
    'special-addresses.ts': specialAddressesModule(specialAddresses),
    'limits.ts': limitsModule(recorder),
    'requirements.ts': requirementsModule(requirements, specVersion),
  };
}

function statesModule({ states, transitions }) {
  const reasons = [...new Set(transitions.flatMap(({ reason }) => reason ?? []))];
  const events = [...new Set(transitions.map(({ event }) => event))];
  const terminal = states.filter((state) => state.terminal);
  return `${GENERATED}
${constant(
  'TASK_STATES',
  'TaskState',
  'The states of a task.',
  states.map(({ name }) => name),
)}
${constant(
  'TERMINAL_STATES',
  'TerminalState',
  "The states that only the operator's retry leaves.",
  terminal.map(({ name }) => name),
)}
${constant('FAILURE_REASONS', 'TaskReason', 'Why a task is `failed`.', reasons)}
${constant('TRANSITION_EVENTS', 'TransitionEvent', 'What moves a task: an operation, a claim, the outcome of an attempt, or time.', events)}
/** One row of the state table; \`null\` is a task that is not recorded yet, or no longer. */
export interface Transition {
  readonly from: TaskState | null;
  readonly event: TransitionEvent;
  readonly to: TaskState | null;
  readonly reason?: TaskReason;
  /** In which case, where an event can end in several ways. */
  readonly when?: string;
  /** The id of the requirement that says so. */
  readonly requirement: string;
}

/** The state table. */
export const TRANSITIONS: readonly Transition[] = ${literal(transitions)};
`;
}

function valuesModule(schemas) {
  const known = (name) => Object.keys(schemas[name]['x-known-values']);
  return `${GENERATED}
${constant('ATTEMPT_OUTCOMES', 'AttemptOutcome', 'How an attempt can end.', known('AttemptOutcome'))}
${constant('ERROR_CODES', 'ErrorCode', 'What can go wrong with an attempt that has no status.', known('ErrorCode'))}
${constant('FEATURES', 'Feature', 'The features an implementation may have.', known('Feature'))}`;
}

function problemsModule(problems) {
  const catalogue = Object.fromEntries(
    problems.map(({ name, status, title }) => [
      name,
      { type: `urn:dispatchr:problem:${name}`, status, title },
    ]),
  );
  return `${GENERATED}
/** The problem catalogue: name, \`type\`, status and title. */
export const PROBLEMS = ${literal(catalogue)} as const;

/** A problem's name: what follows \`urn:dispatchr:problem:\` in its \`type\`. */
export type ProblemName = keyof typeof PROBLEMS;
`;
}

function specialAddressesModule({ classes, metadataNames, ranges }) {
  const rows = ranges.map(({ range, what, source, ...row }) => ({
    range,
    addressClass: row.class,
    source: what === row.class ? source : `${what}, ${source}`,
  }));
  return `${GENERATED}
${constant(
  'ADDRESS_CLASSES',
  'AddressClass',
  'What an address can be that is not public.',
  classes.map((row) => row.class),
)}
/** One row of the table: the most specific row that holds an address decides. */
export interface SpecialAddressRange {
  /** In CIDR notation. */
  readonly range: string;
  readonly addressClass: AddressClass;
  /** What it is for and who says so. */
  readonly source: string;
}

/** The ranges that are not public. */
export const SPECIAL_ADDRESS_RANGES: readonly SpecialAddressRange[] = ${literal(rows)};

/** Host names of metadata services, in lower case; they never are a target. */
export const METADATA_NAMES: readonly string[] = ${literal(metadataNames)};
`;
}

function requirementsModule(requirements, specVersion) {
  return `${GENERATED}
/** The version of the specification. */
export const SPEC_VERSION = '${specVersion}';

/** A numbered requirement. */
export interface Requirement {
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY';
  readonly text: string;
  /** The operation it is bound to. */
  readonly operation?: string;
  /** The file under \`spec/\` that states it. */
  readonly source: string;
}

/** Every requirement of the specification, by id. */
export const REQUIREMENTS: readonly Requirement[] = ${literal(requirements)};
`;
}

function constant(name, type, summary, values) {
  return `/** ${summary} */
export const ${name} = ${literal(values)} as const;

/** One of \`${name}\`. */
export type ${type} = (typeof ${name})[number];
`;
}
