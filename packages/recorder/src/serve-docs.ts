import { recorderOpenApi } from '@dispatchr/contract';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Serves the specification as a page for people at /docs; everything it needs comes from this server. */
export async function serveDocs(instance: FastifyInstance): Promise<void> {
  const document = {
    ...recorderOpenApi,
    servers: [{ url: instance.prefix || '/' }],
    paths: withEmptyForms(recorderOpenApi.paths),
  };
  await instance.register(async (docs) => {
    await docs.register(swagger, { mode: 'static', specification: { document: document as never } });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: CONTENT_SECURITY_POLICY,
      theme: { title: recorderOpenApi.info.title },
      // The base layout has no bar for documents from elsewhere.
      uiConfig: { layout: 'BaseLayout', tryItOutEnabled: true, defaultModelsExpandDepth: 0 },
    });
  });
}

/**
 * The plugin's own policy lets styles and pictures come from elsewhere, and asks browsers for https: beyond loopback
 * the page would stay empty on the plain HTTP that it is served over.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

type Paths = typeof recorderOpenApi.paths;

type Parameter = Paths[string][string]['parameters'][number];

/** The page would send every optional header and filter that has an example; so their examples are said in words. */
function withEmptyForms(paths: Paths): Paths {
  return mapValues(paths, (methods) =>
    mapValues(methods, (operation) => ({ ...operation, parameters: operation.parameters.map(inWords) })),
  );
}

function inWords(parameter: Parameter): Parameter {
  const { example, ...rest } = parameter;
  if (example === undefined || parameter.required) return parameter;
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  return { ...rest, description: `${parameter.description ?? ''} For example \`${text}\`.` };
}

function mapValues<Value>(
  record: Record<string, Value>,
  map: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
