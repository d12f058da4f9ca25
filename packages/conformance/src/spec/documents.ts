import problems from '../../../../spec/emitted/problems.json' with { type: 'json' };
import recorder from '../../../../spec/emitted/recorder.openapi.json' with { type: 'json' };
import target from '../../../../spec/emitted/target.openapi.json' with { type: 'json' };

/** An entry of the problem catalogue. */
export interface CatalogueProblem {
  readonly name: string;
  readonly status: number;
  readonly title: string;
}

/** What the suite reads of an OpenAPI document. */
export interface OpenApiDocument {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly parameters?: readonly OpenApiParameter[];
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: object;
}

export interface OpenApiResponse {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** The Recorder API. */
export const RECORDER_DOCUMENT: OpenApiDocument = recorder;
/** The callback contract: what a delivery to a target is. */
export const TARGET_DOCUMENT: OpenApiDocument = target;
/** The version of the specification that the suite tests, for example `1.0`. */
export const SPEC_VERSION = recorder.info.version;

const statusByName = new Map(problems.map(({ name, status }) => [name, status]));

/** The status that the catalogue has for a problem; `undefined` if it is not in the catalogue. */
export function statusOfProblem(name: string): number | undefined {
  return statusByName.get(name);
}
