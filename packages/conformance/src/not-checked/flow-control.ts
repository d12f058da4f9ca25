const CAPACITY =
  'How much an implementation can deliver, and so when more is due than that, is not seen from outside; tests of its scheduler show the shares.';

/** The MUSTs of flow control that no check shows, and why. */
export const FLOW_CONTROL_NOT_CHECKED: Readonly<
  Record<string, { readonly hash: string; readonly reason: string }>
> = {
  'QUE-050': { hash: '67df16f4', reason: CAPACITY },
  'QUE-051': { hash: '3f39c68a', reason: CAPACITY },
};
