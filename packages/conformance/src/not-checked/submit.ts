/** What no check shows of submits and of the target policy, and why. */
export const SUBMIT_NOT_CHECKED: Readonly<
  Record<string, { readonly hash: string; readonly reason: string }>
> = {
  'POL-003': {
    hash: 'c52b62f7',
    reason:
      'A literal of a forbidden private address is refused at the submit (POL-006), and no name is known that resolves to one wherever the implementation runs; it is shown by the tests of a scheduler, which can give it a resolver.',
  },
  'POL-013': {
    hash: '683be8f4',
    reason:
      'It needs an implementation that was started with a proxy in its environment, which the suite cannot set from outside; it is shown by the tests of a scheduler.',
  },
};
