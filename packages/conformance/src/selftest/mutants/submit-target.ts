import type { Mutant } from '../mutant.ts';

/** Faults in what is a target, and in which targets may be reached. */
export const SUBMIT_TARGET_MUTANTS = [
  {
    id: 'target-missing-accepted',
    fault: 'Records a task without a target.',
    check: 'target-must-be-a-url-with-a-host',
    collateral: ['required-members-are-asked-for', 'the-task-of-a-schedule-is-judged-as-a-submit'],
  },
  {
    id: 'javascript-target-accepted',
    fault: 'Records a task with a `javascript:` target.',
    check: 'target-must-be-http',
    collateral: ['every-body-matches-its-schema'],
  },
  {
    id: 'userinfo-accepted',
    fault: 'Records a task whose target has userinfo.',
    check: 'target-with-userinfo-is-refused',
  },
  {
    id: 'fragment-accepted',
    fault: 'Records a task whose target has a fragment.',
    check: 'target-with-a-fragment-is-refused',
    collateral: ['every-body-matches-its-schema'],
  },
  {
    id: 'white-space-accepted',
    fault: 'Records a task whose target has white space, which the URL parser drops or escapes.',
    check: 'target-with-white-space-is-refused',
  },
  {
    id: 'target-counted-in-utf16',
    fault: 'Counts the characters of a target in UTF-16 code units.',
    check: 'target-length-is-bounded',
  },
  {
    id: 'host-length-ignored',
    fault: 'Accepts a host of any length.',
    check: 'target-host-length-is-bounded',
  },
  {
    id: 'target-normalised',
    fault: 'Keeps the target as the URL parser writes it.',
    check: 'target-is-kept-as-submitted',
    collateral: ['list-filters-by-the-target-that-is-shown', 'every-body-matches-its-schema'],
  },
  {
    id: 'target-sent-as-written',
    fault: 'Sends the path and the query of a target as they were written.',
    check: 'target-is-delivered-to-as-the-url-standard-parses-it',
  },
  {
    id: 'empty-query-dropped',
    fault: 'Drops the question mark of an empty query.',
    check: 'empty-query-of-a-target-is-delivered',
  },
  {
    id: 'link-local-target-accepted',
    fault: 'Records a task for a link-local address.',
    check: 'addresses-that-nobody-may-reach-are-refused',
  },
  {
    id: 'ipv6-unjudged',
    fault: 'Judges IPv4 addresses alone.',
    check: 'addresses-that-nobody-may-reach-are-refused',
    collateral: ['forbidden-addresses-are-refused-in-every-spelling'],
  },
  {
    id: 'reserved-range-too-wide',
    fault: 'Takes all of `198.0.0.0/8` for reserved.',
    check: 'public-addresses-are-accepted',
  },
  {
    id: 'target-judged-as-written',
    fault: 'Judges only hosts that are written as the URL Standard writes them.',
    check: 'forbidden-addresses-are-refused-in-every-spelling',
    collateral: ['addresses-that-nobody-may-reach-are-refused', 'names-of-metadata-services-are-refused'],
  },
  {
    id: 'private-refused-though-open',
    fault: 'Refuses private addresses that it declares as open.',
    check: 'local-addresses-are-judged-by-the-declared-policy',
  },
  {
    id: 'localhost-refused-though-open',
    fault: 'Refuses names below `localhost` though it declares loopback as open.',
    check: 'localhost-is-judged-as-loopback',
  },
  {
    id: 'metadata-names-accepted',
    fault: 'Records a task for the name of a metadata service.',
    check: 'names-of-metadata-services-are-refused',
  },
  {
    id: 'names-looked-up-at-submit',
    fault: 'Refuses names of three labels that it cannot resolve at the submit.',
    check: 'names-are-not-looked-up-at-the-submit',
  },
  {
    id: 'names-dialled-unjudged',
    fault: 'Dials whatever address a name resolves to.',
    check: 'names-of-forbidden-addresses-are-not-dialled',
  },
  {
    id: 'open-on-every-interface',
    fault: 'Listens on every interface, and declares loopback and private addresses as open.',
    check: 'loopback-and-private-are-open-on-loopback-alone',
  },
  {
    id: 'allow-entry-malformed',
    fault: 'Declares an entry of `targetPolicy.allow` that is no network.',
    check: 'allowed-targets-are-networks',
  },
] as const satisfies readonly Mutant[];
