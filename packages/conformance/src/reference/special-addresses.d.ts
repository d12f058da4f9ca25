// The table of addresses that are not public, as `spec/` emits it.
declare module '*/special-addresses.json' {
  const table: {
    readonly classes: readonly { readonly class: string; readonly reach: string }[];
    readonly metadataNames: readonly string[];
    readonly ranges: readonly { readonly range: string; readonly class: string }[];
  };
  export default table;
}
