// The JSON that `spec/` emits, typed by what the suite reads of it; the bundler puts it into the one file.
declare module '*/requirements.json' {
  import type { Requirement } from './requirements.ts';

  const requirements: readonly Requirement[];
  export default requirements;
}
declare module '*/problems.json' {
  import type { CatalogueProblem } from './documents.ts';

  const problems: readonly CatalogueProblem[];
  export default problems;
}
declare module '*.openapi.json' {
  import type { OpenApiDocument } from './documents.ts';

  const document: OpenApiDocument;
  export default document;
}
declare module '*/1.0.json' {
  import type { RequirementSet } from '../requirement-sets/requirement-sets.ts';

  const set: RequirementSet;
  export default set;
}
