// Compiles the TypeSpec sources in memory; warnings count as errors.
import {
  compile,
  formatDiagnostic,
  getDoc,
  getExamples,
  navigateProgram,
  NodeHost,
  serializeValueAsJson,
} from '@typespec/compiler';
import { isHeader, isPathParam, isQueryParam } from '@typespec/http';
import { join } from 'node:path';

/**
 * Compiles `main.tsp` in `folder`. Answers
 * `documents`: the emitted documents by service, `{Recorder, Target}`;
 * `variants`: what each known value of an open enumeration means, `{TaskState: {pending: 'It waits …'}}`;
 * `parameterExamples`: examples of parameters and response headers by their description.
 * @throws {Error} with every diagnostic when there is any.
 */
export async function compileSpec(folder) {
  const written = new Map();
  const host = {
    ...NodeHost,
    mkdirp: async () => undefined,
    writeFile: async (path, text) => void written.set(path, text),
  };
  const program = await compile(host, join(folder, 'main.tsp'), compilerOptions(folder));
  if (program.diagnostics.length > 0)
    throw new Error(program.diagnostics.map((d) => formatDiagnostic(d)).join('\n'));
  return {
    documents: documentsByService(written),
    variants: variantDocs(program),
    parameterExamples: parameterExamples(program),
  };
}

function compilerOptions(folder) {
  return {
    outputDir: join(folder, 'emitted'),
    warningAsError: true,
    emit: ['@typespec/openapi3'],
    options: {
      '@typespec/openapi3': {
        'openapi-versions': ['3.1.0'],
        'file-type': 'json',
        'output-file': '{service-name}.json',
        'omit-unreachable-types': true,
        'new-line': 'lf',
      },
    },
  };
}

function documentsByService(written) {
  const documents = {};
  for (const [path, text] of written) documents[/(\w+)\.json$/.exec(path)[1]] = JSON.parse(text);
  return documents;
}

function variantDocs(program) {
  const docs = {};
  navigateProgram(program, {
    union(union) {
      if (union.name === undefined || union.namespace?.name !== 'Dispatchr') return;
      const known = [...union.variants.values()].filter((variant) => variant.type.kind === 'String');
      docs[union.name] = Object.fromEntries(
        known.map((variant) => [variant.type.value, getDoc(program, variant)]),
      );
    },
  });
  return docs;
}

// The emitter leaves the examples of parameters and headers out.
function parameterExamples(program) {
  const examples = new Map();
  navigateProgram(program, {
    modelProperty(property) {
      if (![isHeader, isPathParam, isQueryParam].some((isParameter) => isParameter(program, property)))
        return;
      const [example] = [property, property.type].flatMap((type) => getExamples(program, type));
      if (example !== undefined) {
        examples.set(getDoc(program, property), serializeValueAsJson(program, example.value, property.type));
      }
    },
  });
  return examples;
}
