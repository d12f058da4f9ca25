/** A pattern with `*` for any characters and `?` for one, as a test of whole names; case does not count. */
export function globTest(pattern: string): (name: string) => boolean {
  const source = pattern
    .replaceAll(/[$()+.[\\\]^{|}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 'i');
  return (name) => expression.test(name);
}
