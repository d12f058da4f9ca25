import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { EXIT_CODES } from '../composition/start-error.ts';
import { nearestName } from '../settings/nearest-name.ts';

/** Without this, a mistyped command would count as a surplus argument of its parent's default command. */
export function refuseUnknownCommand(parent: Command, word: string | undefined): void {
  if (word === undefined || word.startsWith('-')) return;
  const known = [...parent.commands.map((command) => command.name()), 'help'];
  if (known.includes(word)) return;
  // A singular is the likeliest slip, and `schedule` is as near to `scheduler` as to `schedules`.
  const nearest = known.find((name) => name === `${word}s`) ?? nearestName(word, known);
  const hint = nearest === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${nearest}?`;
  const path = parent.parent === null ? '' : `${parent.name()} `;
  process.stderr.write(`dispatchr: unknown command ${JSON.stringify(`${path}${word}`)} (${hint})\n`);
  throw new CommanderError(EXIT_CODES.usage, 'dispatchr.unknownCommand', word);
}
