import type { Check } from '../../check.ts';
import { refuseAll, textWith } from './texts.ts';

/** Bodies that are no JSON text at all. */
export const JSON_GRAMMAR_CHECKS: readonly Check[] = [
  {
    id: 'a-body-that-is-no-json-is-malformed',
    title: 'A body that is not one JSON text is answered with 400 `malformed-json`.',
    covers: { 'JSN-003': '0c09f7a1', 'PRB-003': '555988b5' },
    profile: 'recorder',
    async run(t) {
      const task = JSON.stringify(t.parked());
      const bodies = ['{', ' ', '\n', 'nope', '"', '[1', '{"target"', '{"target" "x"}', '{"target":}', 'nul'];
      const quoted = ["{'target':'x'}", '{target:"http://conformance.invalid"}', 'True'];
      await refuseAll(t, 'JSN-003', [...bodies, ...quoted, task.slice(0, -1), task.slice(1)]);
    },
  },
  {
    id: 'numbers-follow-the-grammar',
    title: 'A number that RFC 8259 does not have, such as `01`, `.5` or `NaN`, makes a body malformed.',
    covers: { 'JSN-003': '0c09f7a1' },
    profile: 'recorder',
    async run(t) {
      const numbers = [
        '01',
        '-01',
        '+1',
        '.5',
        '5.',
        '0x10',
        '1e',
        '1e+',
        '-',
        '1_000',
        'NaN',
        'Infinity',
        '-Infinity',
      ];
      const bodies = numbers.map((number) => textWith(t, `"timeoutMs":${number}`));
      await refuseAll(t, 'JSN-003', bodies);
    },
  },
  {
    id: 'commas-stand-between-values-only',
    title: 'A comma too many or too few makes a body malformed.',
    covers: { 'JSN-003': '0c09f7a1' },
    profile: 'recorder',
    async run(t) {
      await refuseAll(t, 'JSN-003', [
        textWith(t, '"timeoutMs":1000,'),
        textWith(t, '"headers":{"x":"y",}'),
        textWith(t, '"retry":{"retryOn":["404",]}'),
        textWith(t, '"retry":{"retryOn":["404",,"405"]}'),
        textWith(t, '"retry":{"retryOn":["404""405"]}'),
        textWith(t, ',"timeoutMs":1000'),
      ]);
    },
  },
  {
    id: 'comments-are-refused',
    title: 'A comment makes a body malformed.',
    covers: { 'JSN-003': '0c09f7a1' },
    profile: 'recorder',
    async run(t) {
      const task = JSON.stringify(t.parked());
      await refuseAll(t, 'JSN-003', [
        `/* a task */${task}`,
        textWith(t, '/* a deadline */"timeoutMs":1000'),
        textWith(t, '"timeoutMs":1000 // a deadline\n'),
        textWith(t, '"timeoutMs":1000 # a deadline\n'),
      ]);
    },
  },
  {
    id: 'control-characters-are-escaped-in-strings',
    title: 'A control character that is not escaped makes a body malformed.',
    covers: { 'JSN-003': '0c09f7a1' },
    profile: 'recorder',
    async run(t) {
      const bodies = ['\t', '\n', '\r', '\u0001', '\u001f'].flatMap((character) => [
        textWith(t, `"flowKey":"a${character}b"`),
        textWith(t, `"headers":{"x${character}":"y"}`),
      ]);
      await refuseAll(t, 'JSN-003', bodies);
    },
  },
  {
    id: 'escapes-follow-the-grammar',
    title: 'An escape that RFC 8259 does not have makes a body malformed.',
    covers: { 'JSN-003': '0c09f7a1' },
    profile: 'recorder',
    async run(t) {
      const escapes = ['x41', "'", 'a', '0', 'u00g0', 'u12', 'U00000041', 'u{41}', 'u+041', '\n'];
      await refuseAll(
        t,
        'JSN-003',
        escapes.map((escape) => textWith(t, `"flowKey":"a\\${escape}"`)),
      );
    },
  },
  {
    id: 'white-space-is-the-four-characters',
    title:
      'White space between values is space, tab, line feed and carriage return; any other makes a body malformed.',
    covers: { 'JSN-003': '0c09f7a1', 'JSN-001': '0eb1dac0' },
    profile: 'recorder',
    async run(t) {
      const { target, taskName, queue } = t.parked();
      const spaced = ` \t\r\n{ "target" :\n${JSON.stringify(target)},\t"taskName":${JSON.stringify(taskName)} , "delayMs" : 86400000,\r\n"queue": "${queue}" }\r\n `;
      t.status('JSN-001', await t.api.submit(spaced), 201);
      const others = ['\f', '\v', '\u00a0', '\u2028', '\ufeff', '\u0000'];
      await refuseAll(
        t,
        'JSN-003',
        others.map((space) => textWith(t, `${space}"timeoutMs":1000`)),
      );
    },
  },
  {
    id: 'bytes-after-the-json-text-are-refused',
    title: 'A body with anything but white space after its JSON text is malformed.',
    covers: { 'JSN-003': '0c09f7a1' },
    profile: 'recorder',
    async run(t) {
      const task = JSON.stringify(t.parked());
      await refuseAll(
        t,
        'JSN-003',
        ['x', '{}', ',', ']', '}', '\u0000', '\n{}', ' null'].map((after) => task + after),
      );
    },
  },
  {
    id: 'a-byte-order-mark-is-refused',
    title: 'A body that begins with a byte order mark is malformed.',
    covers: { 'JSN-003': '0c09f7a1' },
    profile: 'recorder',
    async run(t) {
      const task = JSON.stringify(t.parked());
      await refuseAll(t, 'JSN-003', [`\ufeff${task}`, Buffer.from(task, 'utf16le')]);
    },
  },
  {
    id: 'malformed-bodies-of-operations-are-refused',
    title: 'A malformed body is refused by every operation that takes one, not only by a submit.',
    covers: { 'JSN-003': '0c09f7a1', 'JSN-005': '8c85d3ab' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      for (const body of ['{', '{} x', '{"a":1,"a":2}']) {
        for (const [method, operation] of [
          ['POST', '/run'],
          ['POST', '/retry'],
          ['POST', '/cancel'],
          ['DELETE', ''],
        ] as const) {
          const response = await t.api.request(method, `/v1/tasks/${id}${operation}`, { body });
          t.problem(body.includes('a') ? 'JSN-005' : 'JSN-003', response, 'malformed-json');
        }
      }
      t.equal('JSN-003', 'the task is as it was', (await t.api.get(id)).json?.state, 'pending');
    },
  },
  {
    id: 'a-malformed-batch-is-refused',
    title: 'A malformed body of a batch is answered with 400 `malformed-json`.',
    covers: { 'JSN-003': '0c09f7a1', 'JSN-005': '8c85d3ab', 'JSN-007': '13649a37' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const task = JSON.stringify(t.parked());
      const nul = textWith(t, '"flowKey":"\\u0000"');
      t.problem('JSN-003', await t.api.submitBatch(`{"tasks":[${task},]}`), 'malformed-json');
      t.problem('JSN-005', await t.api.submitBatch(`{"tasks":[${task}],"tasks":[]}`), 'malformed-json');
      t.problem('JSN-007', await t.api.submitBatch(`{"tasks":[${task},${nul}]}`), 'malformed-json');
    },
  },
];
