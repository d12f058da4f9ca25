/** Bound of a recorded response body, in bytes of UTF-8. */
export const MAX_RECORDED_BODY_BYTES = 4096;

/** Bound of a recorded error message, in bytes of UTF-8. */
export const MAX_RECORDED_MESSAGE_BYTES = 500;

/**
 * Text that PostgreSQL can store, from any bytes: at most `maxBytes` of UTF-8, never cut inside a character,
 * invalid sequences and NUL replaced by U+FFFD.
 */
export function recordedText(bytes: Uint8Array, maxBytes: number): string {
  const lossy = decode(bytes.subarray(0, maxBytes)).replaceAll('\0', '\uFFFD');
  const encoded = Buffer.from(lossy);
  // Replacements are three bytes long, so the text may have grown past the bound again.
  return encoded.length <= maxBytes ? lossy : decode(encoded.subarray(0, maxBytes));
}

function decode(bytes: Uint8Array): string {
  // `stream` holds back a character that is cut off at the end.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
