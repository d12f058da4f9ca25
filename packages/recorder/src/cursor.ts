/** The opaque form of where the next page begins. */
export function encodeCursor(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

/** Where a page begins; undefined for text that encodeCursor did not write. */
export function decodeCursor(cursor: string): number | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const position = Number(text);
  const isOurs =
    /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(position) && encodeCursor(position) === cursor;
  return isOurs ? position : undefined;
}
