/** Requirements of retries, leases and durability that nobody can see from outside, each with the reason. */
export const RETRY_NOT_CHECKED: Readonly<Record<string, { readonly hash: string; readonly reason: string }>> =
  {
    'LEA-003': {
      hash: '85a9a916',
      reason:
        'Only a second scheduler that holds an old lease would show it; the tests of the store make one.',
    },
    'LEA-004': {
      hash: '6aa6274c',
      reason:
        'A lease can be taken from a living scheduler in the database only; the tests of the scheduler do so.',
    },
    'LEA-005': {
      hash: '323e617a',
      reason:
        'It needs an outage of the database, which the suite cannot bring about; the tests of the scheduler do.',
    },
    'LEA-006': {
      hash: '9fc0b7b8',
      reason:
        'It needs a scheduler that is suspended for longer than a lease while no other one runs; the tests of the store show it.',
    },
    'LEA-008': {
      hash: 'da6bfd38',
      reason:
        'It needs an outage of the database with several schedulers; the tests of the scheduler show it.',
    },
    'LEA-018': {
      hash: '19231797',
      reason:
        'It needs an outage of the database with several schedulers; the tests of the scheduler show it.',
    },
    'LEA-013': {
      hash: 'e1ba6ffc',
      reason:
        'Whether a database is held exclusively cannot be seen from outside; tests/crash.test.ts shows the takeover at the start of an embedded one.',
    },
    'LEA-014': {
      hash: '67654c58',
      reason:
        'No task that conforms cannot be settled: it needs a fault in the database; the tests of the scheduler have one.',
    },
    'LEA-015': {
      hash: '119fe701',
      reason:
        'How many schedulers stand behind a URL, and which of them is killed, is not for the suite to say; end-to-end tests show it.',
    },
    'DUR-002': { hash: '8922c330', reason: 'It needs the loss of power.' },
    'DUR-008': {
      hash: '9da55003',
      reason:
        'It needs an outage of the database, which the suite cannot bring about; the end-to-end tests do.',
    },
    'DUR-009': {
      hash: 'acac6cfb',
      reason:
        'It needs an outage of the database, which the suite cannot bring about; the end-to-end tests do.',
    },
    'DUR-012': {
      hash: '923292bc',
      reason:
        'A prune comes days after the end of a task, and an id without a task shows no attempts whether or not they are kept.',
    },
  };
