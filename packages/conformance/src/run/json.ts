/** A JSON value as `JSON.parse` reads it; numbers may have lost digits, so verbatim text is judged in `text`. */
// oxlint-disable-next-line typescript/no-explicit-any -- the suite reads bodies that may be anything
export type Json = any;
