import type { MutantId } from '../selftest/mutants/index.ts';
import type { Fields } from './outcome.ts';

/** An attempt that ends with an error code instead of an answer. */
export class AttemptFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The header section of a final response, and what came after it. */
export interface AnswerHead {
  readonly status: number;
  readonly fields: Fields;
  readonly rest: Buffer;
}

const MAX_HEAD_BYTES = 16_384;
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9][0-9]{2})(?: .*)?$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

/** Reads responses out of bytes as they arrive, past interim ones. Spec: DLV-036 to DLV-039, DLV-044, DLV-047. */
export class AnswerReader {
  readonly #onInterim: () => void;
  readonly #mutants: ReadonlySet<MutantId>;
  #buffer = Buffer.alloc(0);
  #interimBytes = 0;

  constructor(onInterim: () => void, mutants: ReadonlySet<MutantId>) {
    this.#onInterim = onInterim;
    this.#mutants = mutants;
  }

  /** What a mutant takes for an answer although the connection broke off within it. */
  cutOff(): AnswerHead | undefined {
    if (!this.#mutants.has('cut-off-headers-accepted')) return undefined;
    return this.#partialHead(this.#buffer.toString('latin1'));
  }

  /** True if an interim response has come. */
  get sawInterim(): boolean {
    return this.#interimBytes > 0;
  }

  /** The final response's header section once it is complete; throws an `AttemptFault` for what is not HTTP. */
  push(bytes: Buffer): AnswerHead | undefined {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const head = this.#takeHead();
      if (head === undefined || head.status >= 200) return head;
      if (head.status === 101 && !this.#mutants.has('switching-protocols-passed-over'))
        throw new AttemptFault('not-http', 'expected a response, got 101');
      if (this.#mutants.has('interim-taken-as-answer')) return head;
      this.#onInterim();
    }
  }

  #takeHead(): AnswerHead | undefined {
    const text = this.#buffer.toString('latin1', 0, MAX_HEAD_BYTES + 4);
    const [line = '', ...others] = text.split(/\r?\n/, 2);
    const prefix = (this.#mutants.has('http-1-0-refused') ? 'HTTP/1.1' : 'HTTP/1.').startsWith(
      line.slice(0, this.#mutants.has('http-1-0-refused') ? 8 : 7),
    );
    if (!prefix && this.#mutants.has('http-0-9-accepted'))
      return { status: 200, fields: new Map(), rest: this.#buffer };
    if (!prefix || (others.length > 0 && !statusLineOf(this.#mutants).test(line))) {
      throw new AttemptFault('not-http', 'expected HTTP/1.0 or HTTP/1.1, got something else');
    }
    const end = /\r?\n\r?\n/.exec(text);
    const maxBytes = this.#mutants.has('header-section-bounded-at-4-kib') ? 4096 : MAX_HEAD_BYTES;
    const before = this.#mutants.has('interim-counted-with-final') ? this.#interimBytes : 0;
    if (before + (end?.index ?? text.length) > maxBytes) {
      throw new AttemptFault('response-too-large', `expected a header section of at most ${maxBytes} bytes`);
    }
    if (end === null) return this.#mutants.has('status-line-decides') ? this.#partialHead(text) : undefined;
    const rest = this.#buffer.subarray(end.index + end[0].length);
    this.#buffer = rest;
    this.#interimBytes += end.index;
    return { ...readHead(text.slice(0, end.index), this.#mutants), rest };
  }

  /** For mutants: the header section as far as it came, if that is a final status line at least. */
  #partialHead(text: string): AnswerHead | undefined {
    if (!/^HTTP\/1\.[01] [2-9][0-9]{2}.*\r?\n/.test(text)) return undefined;
    return { ...readHead(text, this.#mutants), rest: Buffer.alloc(0) };
  }
}

function statusLineOf(mutants: ReadonlySet<MutantId>): RegExp {
  return mutants.has('status-line-read-leniently') ? /^HTTP\/1\.[01] ?([0-9]*)/ : STATUS_LINE;
}

function readHead(text: string, mutants: ReadonlySet<MutantId>): Omit<AnswerHead, 'rest'> {
  const [line = '', ...lines] = text.split(/\r?\n/);
  const fields = new Map<string, string[]>();
  for (const each of lines) {
    const [, name, value = ''] = FIELD.exec(each) ?? [];
    if (name !== undefined)
      fields.set(name.toLowerCase(), [...(fields.get(name.toLowerCase()) ?? []), value]);
  }
  if (lines.length > 100 && mutants.has('header-fields-bounded'))
    throw new AttemptFault('response-too-large', 'expected at most 100 fields');
  assertLengths(fields, mutants);
  return { status: Number(statusLineOf(mutants).exec(line)?.[1]), fields };
}

/** Spec: DLV-037. */
function assertLengths(fields: Fields, mutants: ReadonlySet<MutantId>): void {
  const lengths = new Set(
    (fields.get('content-length') ?? []).flatMap((value) => value.split(',')).map((one) => one.trim()),
  );
  const differ = lengths.size > 1 && !mutants.has('first-length-counts');
  const isNumber =
    mutants.has('length-not-validated') || [...lengths].every((length) => /^[0-9]+$/.test(length));
  const isTwofold =
    lengths.size > 0 && fields.has('transfer-encoding') && !mutants.has('length-beside-chunks-accepted');
  if (differ || !isNumber || isTwofold) {
    throw new AttemptFault(
      'not-http',
      'expected one length of the response, got lengths that contradict each other',
    );
  }
}
