import type { Check } from '../check.ts';

const JSON_TYPE = "-H 'Content-Type: application/json'";
const PARKED = '{"target":"http://conformance.invalid/","taskName":"by-hand","delayMs":86400000}';
const DELIVERED =
  '{"target":"http://127.0.0.1:8099/","taskName":"by-hand","retry":{"maxAttempts":2,"minBackoffMs":1000}}';

const SUBMIT = [`curl -i "$URL/v1/tasks" ${JSON_TYPE} -d '${PARKED}'`];

// One request for each operation: a starting point to change by hand.
const BY_OPERATION: Readonly<Record<string, readonly string[]>> = {
  submitTask: SUBMIT,
  submitTaskBatch: [`curl -i "$URL/v1/tasks/batch" ${JSON_TYPE} -d '{"tasks":[${PARKED}]}'`],
  listTasks: ['curl -i "$URL/v1/tasks?limit=10"'],
  getTask: [...SUBMIT, 'curl -i "$URL/v1/tasks/$ID"'],
  listAttempts: ['curl -i "$URL/v1/tasks/$ID/attempts"'],
  cancelTask: [...SUBMIT, 'curl -i -X POST "$URL/v1/tasks/$ID/cancel"'],
  runTask: [...SUBMIT, 'curl -i -X POST "$URL/v1/tasks/$ID/run"'],
  retryTask: ['curl -i -X POST "$URL/v1/tasks/$ID/retry"'],
  deleteTask: [...SUBMIT, 'curl -i -X DELETE "$URL/v1/tasks/$ID"'],
  getLiveness: ['curl -i "$URL/livez"'],
  getHealth: ['curl -i "$URL/health"'],
  getDiscovery: ['curl -i "$URL/.well-known/dispatchr"'],
};

// `nc` shows a delivery byte for byte, and answers it.
const DELIVERY = [
  String.raw`printf 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' | nc -l 8099   # a target, in a second terminal`,
  `curl -i "$URL/v1/tasks" ${JSON_TYPE} -d '${DELIVERED}'`,
  'curl -s "$URL/v1/tasks/$ID/attempts"',
];

/** Shell lines to begin with when something is to be seen by hand: of the operation, or of a delivery. */
export function exampleFor(
  operation: string | undefined,
  check: Pick<Check, 'profile'> | undefined,
): readonly string[] {
  const ofOperation = operation === undefined ? undefined : BY_OPERATION[operation];
  if (ofOperation !== undefined) return ofOperation;
  if (check === undefined) return [];
  return check.profile === 'core' ? DELIVERY : SUBMIT;
}
