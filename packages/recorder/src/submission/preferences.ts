/** Whether a Prefer header (RFC 7240) asks to wait; every other preference may be ignored. */
export function prefersWait(prefer: string | string[] | undefined): boolean {
  const preferences = String(prefer ?? '').split(',');
  return preferences.some((preference) => /^\s*wait\s*(=|;|$)/i.test(preference));
}
