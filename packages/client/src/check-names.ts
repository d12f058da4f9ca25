/** Throws a `TypeError` that names the first option which is not one of `names`. */
export function checkNames(where: string, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${where}: expected the options ${names.join(', ')}, got ${unknown}`);
}
