// The TypeScript that follows from the Recorder's OpenAPI document.
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { GENERATED, literal } from './write.mjs';

/** The types of the Recorder API, by openapi-typescript. */
export async function openApiTypes(document) {
  const nodes = await openapiTS(structuredClone(document), {
    alphabetize: false,
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    transform: openEnumeration,
  });
  // The known values of open enumerations are exported by states.ts and values.ts under the same names.
  const isOpen = (name) => document.components.schemas[name]?.['x-known-values'] !== undefined;
  const lines = astToString(nodes).split('\n');
  const kept = lines.filter((line) => !isOpen(/^export type (\w+) = components\[/.exec(line)?.[1]));
  return `${GENERATED}${kept.join('\n')}`;
}

// `anyOf` of an enum and a string would become plain `string`: `string & {}` keeps the known values in the type.
function openEnumeration(schema) {
  const values = knownValues(schema);
  if (values === undefined) return undefined;
  const literals = values.map((value) =>
    ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(value)),
  );
  const anyString = ts.factory.createIntersectionTypeNode([
    ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
    ts.factory.createTypeLiteralNode([]),
  ]);
  return ts.factory.createUnionTypeNode([...literals, ts.factory.createParenthesizedType(anyString)]);
}

function knownValues(schema) {
  const [known, any] = schema.anyOf ?? [];
  return known?.enum !== undefined && any?.type === 'string' ? known.enum : undefined;
}

/** The document itself as a module, as an object and as YAML. */
export function documentModule(document, yaml) {
  return `${GENERATED}
/** A JSON Schema (2020-12) or a reference to one. */
export type OpenApiSchema = { $ref?: string; [keyword: string]: unknown };

/** Media types and their schemas. */
export type OpenApiContent = Record<string, { schema: OpenApiSchema; [member: string]: unknown }>;

/** A query, path or header parameter. */
export interface OpenApiParameter {
  name: string;
  in: 'query' | 'path' | 'header';
  required: boolean;
  description?: string;
  schema: OpenApiSchema;
  [member: string]: unknown;
}

/** A response of an operation. */
export interface OpenApiResponse {
  description: string;
  headers?: Record<string, { required?: boolean; schema: OpenApiSchema; [member: string]: unknown }>;
  content?: OpenApiContent;
}

/** An operation of the Recorder API. */
export interface OpenApiOperation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: OpenApiParameter[];
  requestBody?: { required: boolean; content: OpenApiContent };
  responses: Record<string, OpenApiResponse>;
  security?: Record<string, string[]>[];
  'x-dispatchr-problems': string[];
  [member: string]: unknown;
}

/** The Recorder's OpenAPI 3.1 document. */
export interface RecorderOpenApi {
  openapi: string;
  info: { title: string; version: string; [member: string]: unknown };
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, OpenApiSchema>; [member: string]: unknown };
  [member: string]: unknown;
}

/** The Recorder's OpenAPI 3.1 document as a plain object. */
export const recorderOpenApi: RecorderOpenApi = ${literal(document)};

/** The same document as YAML 1.2. */
export const recorderOpenApiYaml: string = ${JSON.stringify(yaml)};
`;
}
