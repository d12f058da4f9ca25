import { recorderOpenApi, recorderOpenApiYaml } from '@dispatchr/contract';
import type { OperationHandler } from '../operation-types.ts';

/** GET /openapi.json: the document this recorder is mounted from. */
export function getOpenApiJson(): OperationHandler<'getOpenApiJson'> {
  return async () => ({ status: 200, body: { ...recorderOpenApi } });
}

/** GET /openapi.yaml: the same as YAML 1.2. */
export function getOpenApiYaml(): OperationHandler<'getOpenApiYaml'> {
  return async () => ({ status: 200, body: recorderOpenApiYaml });
}
