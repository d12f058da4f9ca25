import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A readable scheduler id that no other process start has had: the host's name and 8 random hex digits. */
export function freshSchedulerId(): string {
  const host = hostname().split('.')[0]!.slice(0, 40) || 'host';
  return `${host}-${randomBytes(4).toString('hex')}`;
}
