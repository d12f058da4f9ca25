/** The task that a body names, or what is wrong with it, in the form "expected … got …". */
export function readTaskBody(text: string): { taskName: string; taskArgs: unknown } | { fault: string } {
  const expected = 'expected a body like {"taskName":"send-receipt","taskArgs":{…}}';
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { fault: `${expected}, got ${text === '' ? 'none' : 'text that is not JSON'}` };
  }
  if (typeof body !== 'object' || body === null) return { fault: `${expected}, got no object` };
  const { taskName, taskArgs = null } = body as { taskName?: unknown; taskArgs?: unknown };
  if (typeof taskName !== 'string' || taskName === '') return { fault: `${expected}, got no taskName` };
  return { taskName, taskArgs };
}
