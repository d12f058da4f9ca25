/** Follows what one client says to PostgreSQL. */
export interface StatementReader {
  /** Takes the next bytes, cut wherever the network cut them. */
  read(chunk: Buffer): void;
  /** Whether the statement that was sent last writes, so that its answer tells of a commit. */
  readonly isWrite: boolean;
}

/** Of a message, more than its names and the text of its statement is never looked at. */
const MAX_HEAD_BYTES = 65_536;

/** A statement that locks rows says FOR UPDATE and writes nothing yet. */
const WRITE = /\bINSERT\s+INTO\b|\bDELETE\s+FROM\b|(?<!\bFOR\s)(?<!\bKEY\s)\bUPDATE\b|\bCOMMIT\b/i;

/** Reads a connection from its first byte on. Statements must come one after the other, as the service sends them. */
export function createStatementReader(): StatementReader {
  /** Prepared statements by name: whether they write. */
  const prepared = new Map<string, boolean>();
  let isWrite = false;
  let isStarted = false;
  let head = Buffer.alloc(0);
  let bytesToSkip = 0;

  const take = (kind: string, body: Buffer): void => {
    if (kind === 'Q') isWrite = WRITE.test(textAt(body, 0));
    if (kind === 'P') {
      prepared.set(textAt(body, 0), WRITE.test(textAt(body, afterText(body, 0))));
      // To prepare a statement is not to run it, and has an answer of its own.
      isWrite = false;
    }
    if (kind === 'B') isWrite = prepared.get(textAt(body, afterText(body, 0))) ?? false;
  };
  /** Takes one message off the front; false while it is not there as far as it is looked at. */
  const takeMessage = (): boolean => {
    // The first message has no kind.
    const kindBytes = isStarted ? 1 : 0;
    if (head.length < kindBytes + 4) return false;
    const length = kindBytes + head.readUInt32BE(kindBytes);
    if (head.length < Math.min(length, MAX_HEAD_BYTES)) return false;
    if (isStarted) take(head.toString('latin1', 0, 1), head.subarray(5, length));
    isStarted = true;
    bytesToSkip = Math.max(0, length - head.length);
    head = head.subarray(length);
    return true;
  };
  return {
    get isWrite() {
      return isWrite;
    },
    read(chunk) {
      const skipped = Math.min(bytesToSkip, chunk.length);
      bytesToSkip -= skipped;
      head = Buffer.concat([head, chunk.subarray(skipped)]);
      while (takeMessage());
    },
  };
}

function textAt(body: Buffer, offset: number): string {
  return body.toString('utf8', offset, endOfText(body, offset));
}

function afterText(body: Buffer, offset: number): number {
  return endOfText(body, offset) + 1;
}

function endOfText(body: Buffer, offset: number): number {
  const end = body.indexOf(0, offset);
  return end === -1 ? body.length : end;
}
