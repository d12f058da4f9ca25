import { InvalidArgumentError } from 'commander';

/** A value of `--report`: where a report of that format goes; `-` is standard output. */
export interface ReportTarget {
  readonly format: string;
  readonly file: string;
}

/** A base URL without a slash at its end. */
export function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Expected an http or https URL such as http://127.0.0.1:9090.');
  }
  if (url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError('Expected a URL without query and fragment.');
  return text.replace(/\/+$/, '');
}

/** Makes a reader of whole numbers from `least` on. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

/** A factor of at least 0.1. */
export function parseFactor(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.1 && value <= 1000) return value;
  throw new InvalidArgumentError('Expected a number from 0.1 to 1000.');
}

/** `Name: value` or `Name=value`, gathered by name in lower case. */
export function gatherHeader(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)\s*[:=]\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("Expected 'Name: value', for example 'Authorization: Bearer secret'.");
  }
  return { ...before, [name.toLowerCase()]: value };
}

/** Several values, given by repeating the option or with commas between them. */
export function gatherList(text: string, before: readonly string[]): readonly string[] {
  const values = text.split(',').map((each) => each.trim());
  if (values.includes('')) throw new InvalidArgumentError('Expected a value, got an empty one.');
  return [...before, ...values];
}

/** `HOST:PORT`, `[IPv6]:PORT`, or a port alone. */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, , bracketed, plain, digits] = /^((?:\[([\d:a-f]+)\]|([^:[\]]+)):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port <= 65_535) return { host: bracketed ?? plain ?? '0.0.0.0', port };
  throw new InvalidArgumentError('Expected HOST:PORT, for example 0.0.0.0:8099.');
}

/** Makes a reader of `format=FILE,…` for the formats that a command has. */
export function reportsOf(
  formats: readonly string[],
): (text: string, before: readonly ReportTarget[]) => readonly ReportTarget[] {
  return (text, before) => [
    ...before,
    ...text.split(',').map((entry) => {
      const [, format, file] = /^([a-z]+)=(.+)$/.exec(entry.trim()) ?? [];
      if (format !== undefined && file !== undefined && formats.includes(format)) return { format, file };
      throw new InvalidArgumentError(`Expected FORMAT=FILE with a format of ${formats.join(', ')}.`);
    }),
  ];
}
