/** Gathers the values of an option that may be repeated. */
export function collect(given: string, before: string[] | undefined): string[] {
  return [...(before ?? []), given];
}
