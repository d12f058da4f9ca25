import { describe, expect, it } from 'vitest';
import { escapeControls, jsonLine } from './escape-controls.ts';

describe('escapeControls', () => {
  it.each([
    ['an escape sequence', '\u001b[2Jgone', String.raw`\u001b[2Jgone`],
    ['a line break', 'a\r\nb', String.raw`a\u000d\u000ab`],
    ['a control character of eight bits', '\u009b1A', String.raw`\u009b1A`],
    ['a turn of direction', 'a\u202eb', String.raw`a\u202eb`],
    ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
    ['nothing of ordinary text', 'Grüße, 東京 🎉', 'Grüße, 東京 🎉'],
  ])('escapes %s', (_, text, escaped) => {
    expect(escapeControls(text)).toBe(escaped);
  });
});

describe('jsonLine', () => {
  it('is JSON that a terminal does not act on, and that reads as the same value', () => {
    const value = { taskName: 'a\u001b[2J\u009b\u202e\nb' };
    const line = jsonLine(value);
    expect(line).toBe(String.raw`{"taskName":"a\u001b[2J\u009b\u202e\nb"}`);
    expect(JSON.parse(line)).toEqual(value);
  });
});
