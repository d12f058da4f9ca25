/** A JSON value that was verified but not materialised; `text` is the verbatim slice of its source. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
