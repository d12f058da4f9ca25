/** What a `Prefer` header says of waiting: `undefined` without it, else the text of its value. */
export function preferredWait(prefer: string | undefined): string | undefined {
  // A quoted string may hold commas.
  for (const preference of prefer?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []) {
    const match = /^\s*wait\s*(?:=\s*([^;]*?))?\s*(?:;.*)?$/is.exec(preference);
    if (match) return match[1] ?? '';
  }
  return undefined;
}

/** Milliseconds to wait at most; 0 where the value is not decimal digits alone. Spec: REC-021, FEA-011. */
export function waitMs(value: string | undefined, maxWaitMs: number): number {
  return value !== undefined && /^[0-9]+$/.test(value) ? Math.min(Number(value) * 1000, maxWaitMs) : 0;
}
