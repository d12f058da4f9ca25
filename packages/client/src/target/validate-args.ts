import type { ProblemError } from '@dispatchr/contract';
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** A recorder keeps 4 KiB of a refusal. */
const SHOWN_ISSUES = 20;

/** The arguments as the schema makes them, or what is wrong with them; without a schema they are as they came. */
export async function validateArgs(
  schema: StandardSchemaV1 | undefined,
  taskArgs: unknown,
): Promise<{ args: unknown } | { errors: ProblemError[] }> {
  if (schema === undefined) return { args: taskArgs };
  const result = await schema['~standard'].validate(taskArgs);
  return result.issues
    ? { errors: result.issues.slice(0, SHOWN_ISSUES).map(errorOf) }
    : { args: result.value };
}

function errorOf({ message, path = [] }: StandardSchemaV1.Issue): ProblemError {
  const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  const escaped = keys.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1'));
  return { pointer: ['', 'taskArgs', ...escaped].join('/'), detail: message };
}
