/** Control characters, line and paragraph separators, and what turns the direction of text round. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others for one line of a terminal: what could move the cursor or reorder the line stands there as `\u001b`. */
export function escapeControls(text: string): string {
  return text.replaceAll(UNSAFE, escapeOne);
}

/** A value as JSON on one line, with what a terminal would act on escaped as JSON allows. */
export function jsonLine(value: unknown): string {
  return escapeControls(JSON.stringify(value));
}

function escapeOne(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
