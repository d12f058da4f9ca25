/** A way in which the reference implementation may differ and still conform: every check must stay green. */
export interface Variant {
  readonly id: string;
  /** What the implementation then does differently, in one sentence. */
  readonly difference: string;
}

/** Every benign variant of the reference implementation. */
export const VARIANTS = [
  { id: 'one-second-tick', difference: 'Looks for due tasks once a second instead of at once.' },
  { id: 'other-ids', difference: 'Makes ids of another shape, with characters such as `~` and `:`.' },
  { id: 'chunked-responses', difference: 'Sends responses in chunks, without a Content-Length.' },
  { id: 'header-case', difference: 'Writes header names in upper case, in responses and in deliveries.' },
  { id: 'connection-close', difference: 'Closes the connection after every response.' },
  { id: 'extra-members', difference: 'Adds members, and a feature, that no reader knows to its responses.' },
  { id: 'slow-and-uneven', difference: 'Delays each response and each delivery by up to 150 ms.' },
  {
    id: 'duplicate-after-crash',
    difference: 'Settles 150 ms after the answer, so that a kill in between leads to a duplicate delivery.',
  },
  { id: 'short-pages', difference: 'Fills its pages with half of the limit only.' },
  { id: 'head-not-served', difference: 'Answers HEAD with 405.' },
  { id: 'absolute-location', difference: 'Answers a submit with an absolute URL in Location.' },
] as const satisfies readonly Variant[];

export type VariantId = (typeof VARIANTS)[number]['id'];
