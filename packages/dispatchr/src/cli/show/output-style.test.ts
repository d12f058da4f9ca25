import { describe, expect, it } from 'vitest';
import { outputStyle, paint } from './output-style.ts';

describe('outputStyle', () => {
  const terminal = { isTTY: true, columns: 80 };

  it('fits and colours on a terminal', () => {
    expect(outputStyle(terminal, {})).toEqual({ width: 80, colours: true });
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('does not colour with %o', (environment) => {
    expect(outputStyle(terminal, environment)).toEqual({ width: 80, colours: false });
  });

  it('takes an empty NO_COLOR for none', () => {
    expect(outputStyle(terminal, { NO_COLOR: '' }).colours).toBe(true);
  });

  it('neither fits nor colours in a pipe', () => {
    expect(outputStyle({ columns: 80 }, {})).toEqual({ width: undefined, colours: false });
  });
});

describe('paint', () => {
  it('leaves text alone where colours are not wanted', () => {
    expect(paint('failed', 'red', { width: 80, colours: false })).toBe('failed');
    expect(paint('failed', 'red', { width: 80, colours: true })).toBe('\u001b[31mfailed\u001b[0m');
  });
});
