import type { PlantedMutant } from './planted-mutant.ts';

const file = 'examples/dispatchr-python/dispatchr.py';

/** Faults for the implementation in Python. */
export const PYTHON_MUTANTS: readonly PlantedMutant[] = [
  {
    id: 'arguments-are-written-anew',
    fault: 'The numbers of the arguments lose their digits on the way to the target.',
    file,
    edits: [
      {
        find: 'name, arguments = dump(task["task_name"]), task["task_args"] or "null"',
        replace: 'name, arguments = dump(task["task_name"]), dump(json.loads(task["task_args"] or "null"))',
      },
    ],
    requirement: 'DLV-002',
  },
  {
    id: 'one-attempt-too-many',
    fault: 'A task has one attempt more than `maxAttempts`.',
    file,
    edits: [{ find: 'used >= retry["maxAttempts"]', replace: 'used > retry["maxAttempts"]' }],
    requirement: 'RTY-006',
  },
  {
    id: 'repeated-cancel-moves-the-instant',
    fault: 'A second cancel of a running task changes `cancelRequestedAt`.',
    file,
    edits: [
      { find: 'COALESCE(cancel_requested_at, ?)', replace: '? + COALESCE(cancel_requested_at, 0) * 0' },
    ],
    requirement: 'CAN-003',
  },
  {
    id: 'fail-on-loses-to-retry-on',
    fault: '`retryOn` is looked at before `failOn`, class before code.',
    file,
    edits: [{ find: 'for name in (code, family):', replace: 'for name in (family, code):' }],
    requirement: 'ANS-003',
  },
  {
    id: 'length-of-the-text-counts',
    fault: 'The same content in more characters is other content.',
    file,
    edits: [
      {
        find: 'return hashlib.sha256(canonical(node).encode("utf-8")).digest()',
        replace:
          'return hashlib.sha256(ascii(canonical(node)).encode("utf-8") + str(node.end - node.start).encode()).digest()',
      },
    ],
    requirement: 'IDN-004',
  },
];
