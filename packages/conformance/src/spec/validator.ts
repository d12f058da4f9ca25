import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from './documents.ts';

/** Answers what is wrong with a value, one sentence a fault; none if it matches. */
export type Validate = (value: unknown) => readonly string[];

/** Makes validators for schemas of an OpenAPI document; each is compiled when it is first asked for. */
export function validatorsOf(document: OpenApiDocument): (schema: object) => Validate {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: true });
  // The published types of ajv-formats know only its CommonJS form.
  (addFormats as unknown as (target: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'document', ...document });
  const compiled = new Map<object, Validate>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validate = ajv.compile(withAbsoluteReferences(schema));
    const faultsOf: Validate = (value) =>
      validate(value)
        ? []
        : (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message}`);
    compiled.set(schema, faultsOf);
    return faultsOf;
  };
}

/** The value of a header field as its schema has it: a number where that is an integer. */
export function headerValueOf(value: string, schema: object): string | number {
  const isInteger = (schema as { type?: string }).type === 'integer';
  return isInteger && /^(0|[1-9]\d*)$/.test(value) ? Number(value) : value;
}

function withAbsoluteReferences(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')) as object;
}
