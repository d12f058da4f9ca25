const WAIT = /^\s*wait\s*(?:=\s*("?)([^";]*)\1\s*)?(;|$)/i;

/** Whether a Prefer header (RFC 7240) asks to wait; every other preference may be ignored. */
export function prefersWait(prefer: string | string[] | undefined): boolean {
  return preferencesOf(prefer).some((preference) => WAIT.test(preference));
}

/**
 * Milliseconds that a Prefer header asks to wait: those of the first `wait`, as RFC 7240 says. 0 without one, and for one
 * that is not decimal digits alone (spec: FEA-011).
 */
export function preferredWaitMs(prefer: string | string[] | undefined): number {
  const seconds = preferencesOf(prefer)
    .map((preference) => WAIT.exec(preference))
    .find((match) => match !== null)?.[2];
  return /^\d+$/.test(seconds?.trim() ?? '') ? Number(seconds) * 1000 : 0;
}

function preferencesOf(prefer: string | string[] | undefined): string[] {
  return String(prefer ?? '').split(',');
}
