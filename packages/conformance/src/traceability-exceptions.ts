/** Checks that no mutant of the reference implementation turns red, each with the reason. */
export const WITHOUT_MUTANT: Readonly<Record<string, string>> = {};
