import { customType } from '../drizzle.ts';

/** Text compared byte by byte: names and ids need no language's order, and its index is smaller and faster. */
export const textC = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
