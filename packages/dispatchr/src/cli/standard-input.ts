/** Standard input as text, as it comes. */
export function standardInput(): AsyncIterable<string> {
  return process.stdin.setEncoding('utf8');
}
