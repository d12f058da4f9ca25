/** Requirements on identity, reads and pages that no check shows, and why. */
export const IDENTITY_NOT_CHECKED: Readonly<
  Record<string, { readonly hash: string; readonly reason: string }>
> = {
  'PAG-007': { hash: 'a87c81c1', reason: 'It binds the reader, which is the suite itself here.' },
  'PAG-011': {
    hash: '14775bfa',
    reason: 'It binds the reader; a recorder may answer other forms of a number as it likes.',
  },
};
