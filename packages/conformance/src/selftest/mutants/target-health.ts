import type { Mutant } from '../mutant.ts';

/** Faults in the health of targets. */
export const TARGET_HEALTH_MUTANTS = [
  {
    id: 'url-not-held-back',
    fault: 'Sends other tasks to a URL that answered 429 with Retry-After.',
    check: 'a-url-that-asks-for-a-pause-is-left-alone',
  },
  {
    id: 'origin-not-held-back',
    fault: 'Sends other tasks to an origin that answered 503 with Retry-After.',
    check: 'an-origin-that-asks-for-a-pause-is-left-alone',
  },
  {
    id: 'circuit-never-opens',
    fault: 'Goes on sending to an origin that fails.',
    check: 'a-failing-origin-opens-its-circuit',
    collateral: ['a-close-lets-tasks-go'],
  },
  {
    id: 'probes-without-end',
    fault: 'Sends as before to an origin with an open circuit.',
    check: 'a-failing-origin-opens-its-circuit',
  },
  {
    id: 'circuit-without-probes',
    fault: 'Never probes an origin whose circuit is open.',
    check: 'a-failing-origin-opens-its-circuit',
  },
  {
    id: 'circuit-stays-open',
    fault: 'Leaves a circuit open although a probe was answered.',
    check: 'a-failing-origin-opens-its-circuit',
  },
  {
    id: 'circuit-returns-at-once',
    fault: 'Sends all that waited for an origin at once when a probe is answered.',
    check: 'deliveries-return-gradually',
    collateral: ['*'],
  },
  {
    id: 'close-ignored',
    fault: 'Leaves a circuit open that an operator closes.',
    check: 'a-close-lets-tasks-go',
  },
  {
    id: 'error-500-opens-circuit',
    fault: 'Counts an answer of 500 as a failure of the origin.',
    check: 'errors-of-an-application-open-no-circuit',
    collateral: ['*'],
  },
  {
    id: 'only-the-url-held-back-by-503',
    fault: 'Leaves other URLs of an origin that answered 503 with Retry-After alone.',
    check: 'a-503-holds-every-url-of-its-origin',
    collateral: ['what-is-held-back-is-listed', 'an-origin-that-asks-for-a-pause-is-left-alone'],
  },
  {
    id: 'origin-held-back-by-429',
    fault: 'Holds a whole origin back after a 429.',
    check: 'a-held-url-holds-no-other-up',
    collateral: ['*'],
  },
  {
    id: 'unreadable-retry-after-holds-back',
    fault: 'Holds a target back for a minute that gave no time that can be read.',
    check: 'no-pause-without-a-readable-retry-after',
    collateral: ['*'],
  },
  {
    id: 'held-urls-not-listed',
    fault: 'Leaves URLs that are held back out of the list of targets.',
    check: 'what-is-held-back-is-listed',
  },
  {
    id: 'close-keeps-held-urls',
    fault: 'Keeps the URLs held back of an origin whose circuit is closed by hand.',
    check: 'a-close-lets-go-of-what-is-held-back',
  },
  {
    id: 'held-task-spends-an-attempt',
    fault: 'Spends an attempt of a task that its target holds back.',
    check: 'a-url-that-asks-for-a-pause-is-left-alone',
    collateral: ['*'],
  },
  {
    id: 'probes-too-often',
    fault: 'Sends five probes a second to an origin with an open circuit.',
    check: 'probes-are-a-second-apart',
    collateral: [
      'a-failing-origin-opens-its-circuit',
      'what-waits-for-a-circuit-is-not-spent',
      'deliveries-return-gradually',
    ],
  },
  {
    id: 'probes-overlap',
    fault: 'Sends a probe while the one before is not answered.',
    check: 'one-probe-at-a-time',
    collateral: ['*'],
  },
  {
    id: 'row-never-ends',
    fault: 'Goes on counting failures although an answer came in between.',
    check: 'an-answer-between-keeps-the-circuit-closed',
    collateral: ['*'],
  },
  {
    id: 'broken-connections-open-no-circuit',
    fault: 'Counts only answers of 502, 503 and 504 as failures.',
    check: 'broken-connections-open-the-circuit',
    collateral: ['*'],
  },
  {
    id: 'busy-targets-not-listed',
    fault: 'Lists only targets that are not healthy.',
    check: 'origins-with-an-attempt-in-flight-are-listed',
  },
  {
    id: 'run-waits-for-target',
    fault: 'Has a task that is run wait for what its target asked.',
    check: 'run-passes-over-a-hold-back',
    collateral: ['waiting-passes-over-a-hold-back-that-a-run-does'],
  },
  {
    id: 'timeouts-open-no-circuit',
    fault: 'Does not count timeouts as failures of an origin.',
    check: 'timeouts-open-the-circuit',
  },
  {
    id: 'origins-out-of-reach-open-no-circuit',
    fault: 'Does not count failures of TLS and of looking a name up.',
    check: 'origins-out-of-reach-open-the-circuit',
  },
  {
    id: 'gateway-errors-open-no-circuit',
    fault: 'Counts only 503 among the answers as a failure of an origin.',
    check: 'failing-answers-open-the-circuit',
  },
  {
    id: 'targets-in-no-order',
    fault: 'Lists targets in no order.',
    check: 'targets-are-listed-by-origin',
  },
] as const satisfies readonly Mutant[];
