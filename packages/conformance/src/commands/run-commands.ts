import { type Command, Option } from 'commander';
import {
  gatherHeader,
  gatherList,
  parseFactor,
  parseListen,
  parseUrl,
  reportsOf,
  wholeNumber,
} from '../options/parse-values.ts';
import { type GivenOptions, runOptionsOf } from '../options/run-options.ts';
import { UsageError } from '../run/violation.ts';
import { hintOf } from '../selection/near-misses.ts';
import { contextFor, type OnEnd } from './command-context.ts';

const REPORT_FORMATS = ['json', 'junit', 'tap', 'html', 'badge'];

/** Adds `run`, the command that is meant without one. */
export function addRunCommand(program: Command, interruption: AbortSignal, onEnd: OnEnd): void {
  const command = program
    .command('run', { isDefault: true })
    .description('run every check that applies to an implementation')
    .addHelpText('after', RUN_EXAMPLES);
  addConnectionOptions(command);
  addSelectionOptions(command);
  addPaceOptions(command);
  addControlOptions(command);
  addOutputOptions(command);
  // A word that is no command lands here, because `run` is the default.
  command
    .usage('[options]')
    .argument('[word]')
    .action(async (word: string | undefined, given: GivenOptions) => {
      if (word !== undefined) throw new UsageError(notACommand(word, program));
      const { runCommand } = await import('./run-command.ts');
      const options = runOptionsOf(given);
      onEnd(await runCommand(options, contextFor(options.report, interruption)));
    });
}

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, interruption: AbortSignal, onEnd: OnEnd): void {
  const command = program
    .command('doctor')
    .description('say what stands in the way of a run: URL, discovery, clock, way back, latency')
    .addHelpText('after', DOCTOR_EXAMPLES);
  addConnectionOptions(command);
  command.action(async (given: GivenOptions) => {
    const { doctorCommand } = await import('./doctor-command.ts');
    onEnd(await doctorCommand(runOptionsOf(given), contextFor([], interruption)));
  });
}

function addConnectionOptions(command: Command): void {
  command
    .option('-u, --url <url>', 'base URL of the implementation, without /v1', parseUrl)
    .addOption(
      new Option(
        '-H, --header <name: value>',
        "sent with every request, for example 'Authorization: Bearer …'",
      )
        .argParser(gatherHeader)
        .default({}),
    )
    .option('--insecure', 'accept any TLS certificate', false)
    .addOption(
      new Option(
        '--profile <profile>',
        'what the implementation claims: to record only, or to deliver as well',
      )
        .choices(['recorder', 'core'])
        .default('core'),
    )
    .option(
      '--callback-url <url>',
      'how the implementation reaches this machine: a proxy or a tunnel',
      parseUrl,
    )
    .addOption(
      new Option('--listen <host:port>', 'where the targets listen; port 0 gives each check its own')
        .argParser(parseListen)
        .default({ host: '0.0.0.0', port: 0 }, '0.0.0.0:0'),
    )
    .option('--latency-multiplier <factor>', 'scales every wait, for a slow machine', parseFactor, 1);
}

function addSelectionOptions(command: Command): void {
  command
    .option(
      '-o, --only <glob>',
      'only checks whose id, or a requirement of theirs, matches; may be repeated',
      gatherList,
      [],
    )
    .option('-s, --skip <glob>', 'leave these checks out; may be repeated', gatherList, [])
    .option('--feature <feature>', 'only the checks about this feature; may be repeated', gatherList, [])
    .option('--strict', 'let a SHOULD that is not kept fail', false)
    .option('--expect <file>', 'baseline: a YAML map of the check ids that are known to fail to the reasons')
    .option(
      '--signing-secret <secret>',
      'a secret that deliveries are signed with (whsec_…); may be repeated',
      gatherList,
      [],
    );
}

function addPaceOptions(command: Command): void {
  command
    .option('--concurrency <n>', 'how many checks run at a time', wholeNumber(1, 1000), 16)
    .addOption(
      new Option('--seed <n>', 'repeats the inputs of an earlier run')
        .argParser(wholeNumber(0, 4_294_967_295))
        .default(newSeed(), 'a new one'),
    )
    .option('--repeat <n>', 'run everything that often: shows what is not stable', wholeNumber(1, 1000), 1)
    .option('--bail', 'stop after the first failure', false)
    .addOption(
      new Option('--patience-ms <ms>', 'how long a check waits for what must come').argParser(
        wholeNumber(100),
      ),
    );
}

function addControlOptions(command: Command): void {
  command
    .option('--sut <command>', 'starts the implementation, so that the checks of durability can kill it')
    .option(
      '--control-url <url>',
      'takes POST /kill, /stop and /start, each answered with 2xx when done',
      parseUrl,
    );
}

function addOutputOptions(command: Command): void {
  command
    .addOption(
      new Option('--trace <which>', 'timelines of requests and deliveries to show')
        .choices(['off', 'failures', 'all'])
        .default('failures'),
    )
    .option('-v, --verbose', 'a line for each check', false)
    .option(
      '-r, --report <format=file>',
      `write reports: ${REPORT_FORMATS.join(', ')}; - is standard output; may be repeated`,
      reportsOf(REPORT_FORMATS),
      [],
    );
}

function notACommand(word: string, program: Command): string {
  const names = program.commands.map((each) => each.name());
  if (/^https?:/.test(word)) return `expected --url ${word}, got it without --url`;
  return `${word} is no command${hintOf(word, names)}; \`dispatchr-conformance --help\` shows them`;
}

const newSeed = (): number => Math.floor(Math.random() * 1_000_000);

const RUN_EXAMPLES = `
Examples:
  dispatchr-conformance --url http://127.0.0.1:9090 --profile recorder
  dispatchr-conformance --url https://tasks.test --header 'Authorization: Bearer secret' --callback-url https://tunnel.test
  dispatchr-conformance --url http://127.0.0.1:9090 --sut 'dispatchr serve --port 9090' --report junit=junit.xml,badge=badge.json
  dispatchr-conformance --url http://127.0.0.1:9090 --only 'IDN-*' --trace all --seed 7`;

const DOCTOR_EXAMPLES = `
Examples:
  dispatchr-conformance doctor --url http://127.0.0.1:9090
  dispatchr-conformance doctor --url https://tasks.test --header 'Authorization: Bearer secret' --listen 0.0.0.0:8099`;
