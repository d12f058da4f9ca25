import { parseArgs } from 'node:util';
import { databaseOutage } from './scenarios/database-outage.ts';
import { deadTarget } from './scenarios/dead-target.ts';
import { faultFree } from './scenarios/fault-free.ts';
import { hangingTarget } from './scenarios/hanging-target.ts';
import { limits } from './scenarios/limits.ts';
import { rollingRestart } from './scenarios/rolling-restart.ts';
import type { Scenario, ScenarioReport } from './scenarios/scenario.ts';
import { schedulerKill } from './scenarios/scheduler-kill.ts';
import { schedules } from './scenarios/schedules.ts';
import { tenants } from './scenarios/tenants.ts';
import { waiting } from './scenarios/waiting.ts';
import { weights } from './scenarios/weights.ts';

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'scheduler-kill': schedulerKill,
  'database-outage': databaseOutage,
  'rolling-restart': rollingRestart,
  'fault-free': faultFree,
  weights,
  limits,
  tenants,
  'hanging-target': hangingTarget,
  'dead-target': deadTarget,
  waiting,
  schedules,
};

const USAGE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const [name = '', ...rest] = words;
  if (name === '--help' || name === '-h') return say(process.stdout, help(), 0);
  const scenario = SCENARIOS[name];
  if (scenario === undefined) {
    return say(
      process.stderr,
      `expected the name of a scenario, got ${JSON.stringify(name)}\n\n${help()}`,
      USAGE,
    );
  }
  let flags: Record<string, number> | 'help';
  try {
    flags = flagsOf(scenario, rest);
  } catch (error) {
    return say(process.stderr, `${(error as Error).message}\n\n${helpOn(name, scenario)}`, USAGE);
  }
  if (flags === 'help') return say(process.stdout, helpOn(name, scenario), 0);
  process.stdout.write(`${name} ${JSON.stringify(flags)}\n`);
  const report = await scenario.run(flags, (text) => process.stderr.write(`${text}\n`));
  return say(process.stdout, textOf(report), report.violations.length === 0 ? 0 : 1);
}

/** Every flag is a whole number; throws a TypeError on anything else. */
function flagsOf(scenario: Scenario, words: readonly string[]): Record<string, number> | 'help' {
  const options: Record<string, { type: 'string' | 'boolean' }> = { help: { type: 'boolean' } };
  for (const name of Object.keys(scenario.flags)) options[name] = { type: 'string' };
  const { values } = parseArgs({ args: [...words], options });
  if (values['help'] === true) return 'help';
  return Object.fromEntries(
    Object.entries(scenario.flags).map(([name, { default: otherwise }]) => {
      const given: unknown = values[name] ?? String(otherwise);
      if (typeof given !== 'string' || !/^[1-9][0-9]*$/.test(given)) {
        throw new TypeError(
          `expected --${name} with a whole number of 1 or more, got ${JSON.stringify(given)}`,
        );
      }
      return [name, Number(given)];
    }),
  );
}

function textOf({ figures, violations }: ScenarioReport): string {
  const lines = Object.entries(figures).map(([name, figure]) => `${name.padEnd(52)} ${figure}`);
  const verdict = violations.length === 0 ? ['clean'] : violations.map((text) => `VIOLATED: ${text}`);
  return `${[...lines, ...verdict].join('\n')}\n`;
}

function help(): string {
  const lines = Object.entries(SCENARIOS).map(([name, { summary }]) => `  ${name.padEnd(16)} ${summary}`);
  return `Measures one promise of the service on a real PostgreSQL, two recorders and three schedulers.

${lines.join('\n')}

  npm run chaos:scenario -- scheduler-kill            with its defaults
  npm run chaos:scenario -- scheduler-kill --help     what can be set

Exit status: 0 the promise held, 1 it did not, 2 wrong arguments.
`;
}

function helpOn(name: string, { summary, flags }: Scenario): string {
  const lines = Object.entries(flags).map(
    ([flag, { default: otherwise, meaning }]) =>
      `  --${`${flag} N`.padEnd(12)} ${meaning}; default ${otherwise}`,
  );
  return `${summary}

${lines.join('\n')}

  npm run chaos:scenario -- ${name}${Object.entries(flags)
    .map(([flag, { small }]) => ` --${flag} ${small}`)
    .join('')}
`;
}

function say(stream: NodeJS.WriteStream, text: string, exitCode: number): number {
  stream.write(text);
  return exitCode;
}
