import { describe, expect, it } from 'vitest';
import { createStatementReader } from './statement-reader.ts';

describe('createStatementReader', () => {
  it.each([
    ['INSERT INTO tasks VALUES ($1)', true],
    ['WITH due AS (SELECT 1 FROM t FOR UPDATE SKIP LOCKED) UPDATE t SET state = 1', true],
    ['WITH gone AS (DELETE FROM t RETURNING seq) SELECT count(*) FROM gone', true],
    ['commit', true],
    ['SELECT seq FROM t FOR UPDATE SKIP LOCKED', false],
    ['SELECT seq FROM t FOR NO KEY UPDATE', false],
    ['SELECT updated_at FROM t', false],
  ])('knows of "%s" whether it writes: %s', (text, writes) => {
    const reader = createStatementReader();
    reader.read(Buffer.concat([startup(), message('Q', text)]));
    expect(reader.isWrite).toBe(writes);
  });

  it('knows a prepared statement again by its name', () => {
    const reader = createStatementReader();
    const prepare = [message('P', 'a\0UPDATE t SET x = 1', '\0\0'), message('P', 'b\0SELECT 1', '\0\0')];
    reader.read(Buffer.concat([startup(), ...prepare, message('B', '\0a', '\0\0\0\0\0\0')]));
    const ofWrite = reader.isWrite;
    reader.read(message('B', '\0b', '\0\0\0\0\0\0'));
    expect([ofWrite, reader.isWrite]).toEqual([true, false]);
  });

  it('reads messages that come byte by byte', () => {
    const reader = createStatementReader();
    for (const byte of Buffer.concat([startup(), message('Q', 'UPDATE t SET x = 1')]))
      reader.read(Buffer.of(byte));
    expect(reader.isWrite).toBe(true);
  });

  it('finds the next message after one of megabytes', () => {
    const reader = createStatementReader();
    const large = Buffer.concat([
      startup(),
      message('P', 'a\0INSERT INTO t VALUES ($1)', '\0\0'),
      message('B', '\0a', 'x'.repeat(3_000_000)),
      message('Q', 'SELECT 1'),
    ]);
    for (let at = 0; at < large.length; at += 50_000) reader.read(large.subarray(at, at + 50_000));
    expect(reader.isWrite).toBe(false);
  });
});

/** The first message, which has no kind. */
function startup(): Buffer {
  return withLength(Buffer.from('\0\x03\0\0user\0chaos\0\0'));
}

function message(kind: string, text: string, rest = ''): Buffer {
  return Buffer.concat([Buffer.from(kind), withLength(Buffer.from(`${text}\0${rest}`))]);
}

function withLength(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}
