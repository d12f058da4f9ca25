/** Names that JavaScript knows beside those of the IANA database: ICU's own, of the time before it. */
const NOT_IANA =
  /^(SystemV\/.*|ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST)$/i;

/** Whether the IANA database names the time zone; an offset such as `+01:00` is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name) || NOT_IANA.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
