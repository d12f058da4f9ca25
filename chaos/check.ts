import { parseArgs } from 'node:util';
import { check } from './check/check.ts';
import { UnreadableLogError } from './check/read-log.ts';
import { reportOf } from './check/report.ts';

const HELP = `Judges a chaos run from its logs alone, and says by which figures.

  npm run chaos:check -- DIR          the folder that a run kept with --keep
  npm run chaos:check -- DIR --json   the verdict as JSON

Exit status: 0 every invariant holds, 1 one is violated, 2 wrong arguments,
3 the logs cannot be read, or hold too little to prove anything.
`;

const EXIT_CODES = { clean: 0, violated: 1, vacuous: 3 } as const;
const USAGE = 2;
const UNREADABLE = 3;

process.exitCode = await main();

async function main(): Promise<number> {
  let folder: string | undefined;
  let asJson = false;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    if (values.help) return say(process.stdout, HELP, 0);
    if (positionals.length !== 1) throw new TypeError(`expected one folder, got ${positionals.length}`);
    [folder] = positionals;
    asJson = values.json;
  } catch (error) {
    return say(process.stderr, `${(error as Error).message}\n\n${HELP}`, USAGE);
  }
  return judge(folder ?? '', asJson);
}

async function judge(folder: string, asJson: boolean): Promise<number> {
  try {
    const verdict = await check(folder);
    const text = asJson ? `${JSON.stringify(verdict, undefined, 2)}\n` : reportOf(verdict);
    return say(process.stdout, text, EXIT_CODES[verdict.result]);
  } catch (error) {
    if (!(error instanceof UnreadableLogError)) throw error;
    return say(process.stderr, `${error.message}\n`, UNREADABLE);
  }
}

function say(stream: NodeJS.WriteStream, text: string, exitCode: number): number {
  stream.write(text);
  return exitCode;
}
