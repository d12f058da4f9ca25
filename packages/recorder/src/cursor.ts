/** The opaque form of where the next page begins. */
export function encodeCursor(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

/** Where a page of a numbered list begins; undefined for text that encodeCursor did not write. */
export function decodeCursor(cursor: string): number | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const position = Number(text);
  const isOurs =
    /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(position) && encodeCursor(position) === cursor;
  return isOurs ? position : undefined;
}

/** The opaque form of the name behind which the next page begins. */
export function encodeNameCursor(name: string): string {
  return Buffer.from(name).toString('base64url');
}

/** The name behind which a page begins; undefined for text that encodeNameCursor did not write. */
export function decodeNameCursor(cursor: string): string | undefined {
  const name = Buffer.from(cursor, 'base64url').toString();
  // PostgreSQL cannot compare with a text that has a NUL in it.
  const isOurs = name !== '' && !name.includes('\0') && encodeNameCursor(name) === cursor;
  return isOurs ? name : undefined;
}
