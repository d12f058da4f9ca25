import type { ReliabilityMutant } from '../reliability-mutant.ts';

const DELIVERY = 'packages/scheduler/src/delivery';
const CONNECT_TEST = `${DELIVERY}/connect.test.ts`;
const EXCHANGE_TEST = `${DELIVERY}/exchange.test.ts`;

/** Faults in what is sent to whom, and in what is made of the answer. */
export const DELIVERY_MUTANTS: readonly ReliabilityMutant[] = [
  {
    id: 'a-broken-connection-costs-nothing',
    kind: 'transport error retried without being counted',
    fault: 'An attempt without an answer is no attempt, and so there is no last one.',
    plants: [
      {
        file: 'packages/lifecycle/src/outcome.ts',
        edits: [
          {
            find: "may pass.\n      return { kind: 'retryable' };",
            replace: "may pass.\n      return { kind: 'released' };",
          },
        ],
      },
    ],
    caughtBy: {
      file: 'packages/lifecycle/src/outcome.test.ts',
      test: 'the outcome without a status > connection-reset is retryable',
    },
  },
  {
    id: 'a-lost-request-is-sent-again-at-once',
    kind: 'transport error retried without being counted',
    fault: 'A request that a connection was reset under goes out on another one within the attempt.',
    plants: [
      {
        file: `${DELIVERY}/exchange.ts`,
        edits: [
          {
            find: "if (!this.#started && code !== 'invalid-request')",
            replace: "if (code !== 'invalid-request')",
          },
        ],
      },
    ],
    caughtBy: {
      file: `${DELIVERY}/deliver.test.ts`,
      test: 'a request that a kept connection was reset under is not sent again within the attempt',
    },
  },
  {
    id: 'a-client-may-start-twice',
    kind: 'transport error retried without being counted',
    fault: 'The HTTP client may write a request a second time by itself.',
    plants: [
      {
        file: `${DELIVERY}/exchange.ts`,
        edits: [
          { find: 'if (this.#started || this.#ended) controller', replace: 'if (this.#ended) controller' },
        ],
      },
    ],
    caughtBy: {
      file: EXCHANGE_TEST,
      test: 'a request > is written once: a second try within the attempt is refused',
    },
  },
  {
    id: 'a-2xx-counts-with-its-body',
    kind: '2xx with a broken body counted as failed',
    fault: 'A 2xx is one when its body has come whole.',
    plants: [
      {
        file: `${DELIVERY}/exchange.ts`,
        edits: [
          { find: 'if (isSuccess(status)) this.#report(this.#answered());', replace: '' },
          {
            find: 'this.#answer === undefined ? failed(code, message) : this.#answered()',
            replace: 'failed(code, message)',
          },
        ],
      },
    ],
    caughtBy: {
      file: EXCHANGE_TEST,
      test: 'a 2xx > has completed by its status, and its body that breaks off changes nothing',
    },
  },
  {
    id: 'the-client-follows-redirects',
    kind: 'redirects followed',
    fault: 'A target sends the scheduler somewhere else.',
    plants: [
      {
        file: `${DELIVERY}/connections.ts`,
        edits: [
          {
            find: "import { Client } from 'undici';",
            replace: "import { Client, interceptors } from 'undici';",
          },
          {
            find: 'client: clientOn(socket, url.origin) };',
            replace:
              'client: clientOn(socket, url.origin).compose(interceptors.redirect({ maxRedirections: 3 })) as Client };',
          },
        ],
      },
    ],
    caughtBy: {
      file: `${DELIVERY}/misbehaving-targets.test.ts`,
      test: 'a redirect to itself is an answer, and is not followed',
    },
  },
  {
    id: 'only-names-are-checked',
    kind: 'guard in the lookup hook only',
    fault: 'A literal address, which no lookup sees, is dialled unchecked.',
    plants: [
      {
        file: `${DELIVERY}/connect.ts`,
        edits: [
          {
            find: 'for (const address of addresses) assertAllowed',
            replace: 'if (isIP(host) === 0) for (const address of addresses) assertAllowed',
          },
        ],
      },
    ],
    caughtBy: {
      file: CONNECT_TEST,
      test: 'the target policy > lets no connection be opened to a literal address that it forbids',
    },
  },
  {
    id: 'the-peer-is-not-checked',
    kind: 'address checked and then resolved again',
    fault: 'Whom the connection leads to in the end is nobody’s business.',
    plants: [
      {
        file: `${DELIVERY}/connect.ts`,
        edits: [{ find: '    assertPeerAllowed(options.checkAddress, socket, port);\n', replace: '' }],
      },
    ],
    caughtBy: { file: CONNECT_TEST, test: 'the target policy > blocks a peer that is not what was dialled' },
  },
  {
    id: 'a-name-is-resolved-twice',
    kind: 'address checked and then resolved again',
    fault: 'A name server may answer the check with one address and the dial with another.',
    plants: [
      {
        file: `${DELIVERY}/connect.ts`,
        edits: [
          {
            find: 'dialAddresses(addresses, port, options.clock, signal)',
            replace: 'dialAddresses(await addressesOf(host, lookup, signal), port, options.clock, signal)',
          },
        ],
      },
    ],
    caughtBy: {
      file: CONNECT_TEST,
      test: 'the target policy > is asked about each answer and about the peer, and the name is resolved once',
    },
  },
  {
    id: 'aaaa-answers-are-ignored',
    kind: 'AAAA ignored',
    fault: 'A name with a forbidden IPv6 address passes for allowed.',
    plants: [
      {
        file: `${DELIVERY}/connect.ts`,
        edits: [
          {
            find: 'return alternateFamilies(answers);',
            replace: 'return alternateFamilies(answers.filter(({ family }) => family === 4));',
          },
        ],
      },
    ],
    caughtBy: {
      file: CONNECT_TEST,
      test: 'the target policy > blocks a name as soon as one of its answers is forbidden, whatever its place and family',
    },
  },
  {
    id: 'a-body-is-read-to-its-end',
    kind: 'unbounded response',
    fault: 'A body without end is read for as long as it may take.',
    plants: [
      {
        file: `${DELIVERY}/exchange.ts`,
        edits: [{ find: 'if (this.#bodyBytes > MAX_BODY_BYTES) this.#cutBody();', replace: '' }],
      },
    ],
    caughtBy: {
      file: EXCHANGE_TEST,
      test: 'the body of an answer > is not read on past 16 KiB, of which 4 KiB are kept',
    },
  },
  {
    id: 'framing-is-no-body',
    kind: 'unbounded response',
    fault: 'Chunk sizes and their extensions count for nothing, and may come without end.',
    plants: [
      {
        file: `${DELIVERY}/exchange.ts`,
        edits: [
          {
            find: 'if (bytesRead - this.#bytesBeforeBody > MAX_BODY_BYTES) this.#cutBody();',
            replace: '',
          },
        ],
      },
    ],
    caughtBy: {
      file: EXCHANGE_TEST,
      test: 'the body of an answer > that is chunk sizes above all is not read on past 16 KiB either',
    },
  },
  {
    id: 'interim-answers-without-end',
    kind: 'unbounded response',
    fault: 'A flood of 103 keeps the whole process busy.',
    plants: [
      {
        file: `${DELIVERY}/exchange.ts`,
        edits: [
          { find: 'if (bytesRead - this.#bytesBefore > MAX_INTERIM_BYTES)', replace: 'if (bytesRead < 0)' },
        ],
      },
    ],
    caughtBy: {
      file: EXCHANGE_TEST,
      test: 'interim answers are not read on past 256 KiB, whatever the connection has read before',
    },
  },
  {
    id: 'a-body-may-take-for-ever',
    kind: 'unbounded response',
    fault: 'A body that drips holds its connection until the target lets go.',
    plants: [
      {
        file: `${DELIVERY}/exchange.ts`,
        edits: [
          {
            find: 'const bodyMs = Math.max(0, Math.min(MAX_BODY_MS, remainingMs));',
            replace: 'const bodyMs = remainingMs + 3_600_000;',
          },
        ],
      },
    ],
    caughtBy: { file: EXCHANGE_TEST, test: 'the body of an answer > is not waited for longer than a second' },
  },
  {
    id: 'headers-without-a-bound',
    kind: 'unbounded response',
    fault: 'Headers are read for as long as they come.',
    plants: [
      {
        file: `${DELIVERY}/connections.ts`,
        edits: [{ find: 'maxHeaderSize: MAX_HEADER_BYTES,', replace: 'maxHeaderSize: 1_000_000_000,' }],
      },
    ],
    caughtBy: {
      file: `${DELIVERY}/misbehaving-targets.test.ts`,
      test: 'what is read is bounded: > 200 KB of headers',
    },
  },
];
