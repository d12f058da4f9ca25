const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// Neither XML 1.0 nor HTML has these characters in any form: what is wrong on purpose must not break the report.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** A text for XML or HTML, in content and in attributes; characters that neither can hold become U+FFFD. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(FORBIDDEN, '\uFFFD').replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
