/** What no check shows of deliveries, answers and signatures, and why. */
export const DELIVERY_NOT_CHECKED: Readonly<
  Record<string, { readonly hash: string; readonly reason: string }>
> = {
  'SIG-007': {
    hash: '4241ee84',
    reason:
      'How an implementation is given its secrets is its own affair, so that nothing outside can give it a wrong one.',
  },
  'TGT-001': { hash: 'c0ce0563', reason: 'It binds targets.' },
  'TGT-002': { hash: '7be2c281', reason: 'It binds targets.' },
  'TGT-003': { hash: '5a6b17b6', reason: 'It binds targets.' },
  'TGT-004': { hash: 'b5c272de', reason: 'It binds targets.' },
  'TGT-005': { hash: 'b94f5c1f', reason: 'It binds targets.' },
  'TGT-006': { hash: 'cb37de40', reason: 'It binds targets.' },
  'TGT-007': { hash: 'f886be14', reason: 'It binds targets.' },
};
