const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

export type Style = keyof typeof CODES;

/** Colours a text for a terminal, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** A painter; `enabled` is false where colours are not wanted. */
export function paintWhere(enabled: boolean): Paint {
  return (style, text) => (enabled ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text);
}

/** True if that stream shows colours, and the environment does not say otherwise (no-color.org, force-color.org). */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') return env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
