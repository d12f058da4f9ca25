/** How what is for people is written to a stream. */
export interface OutputStyle {
  /** Columns of the terminal; undefined in a pipe or a file, where nothing is fitted. */
  width: number | undefined;
  /** Whether colours are wanted. */
  colours: boolean;
}

/** The style of a stream: fitted and coloured on a terminal only, and coloured only without NO_COLOR. */
export function outputStyle(
  stream: { isTTY?: boolean; columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): OutputStyle {
  const isTerminal = stream.isTTY === true;
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return { width: isTerminal ? stream.columns : undefined, colours: isTerminal && !refused };
}

const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, blue: 34 } as const;

/** A colour, or another way to set text off. */
export type Tone = keyof typeof CODES;

/** Sets text off, if colours are wanted. The text must be free of control characters. */
export function paint(text: string, tone: Tone | undefined, { colours }: OutputStyle): string {
  return colours && tone !== undefined && text !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;
}

/** The colour of a task's state, or of a target's. */
export function toneOfState(state: string): Tone | undefined {
  return TONES.get(state);
}

const TONES = new Map<string, Tone>([
  ['pending', 'yellow'],
  ['running', 'blue'],
  ['completed', 'green'],
  ['failed', 'red'],
  ['cancelled', 'dim'],
  ['healthy', 'green'],
  ['returning', 'yellow'],
  ['held-back', 'yellow'],
  ['circuit-open', 'red'],
]);
