import type { Queue } from '@dispatchr/client';
import type { Command } from 'commander';
import { printJson, printLines, printNote, stdoutStyle } from '../output.ts';
import { durationInWords, relativeInWords } from '../show/durations.ts';
import { renderTable } from '../show/render-table.ts';
import type { Column } from '../show/render-table.ts';
import { readAll } from '../tasks/read-all.ts';
import { addConnectionOptions, withClient } from '../with-client.ts';
import type { ConnectionFlags } from '../with-client.ts';

/** `dispatchr queues`: what is in each queue, and its settings. */
export function addQueuesCommand(program: Command): void {
  const command = program
    .command('queues')
    .description('List the queues: what waits and runs in each, and its limits.')
    .option('--json', 'print a line of JSON for each queue')
    .addHelpText('after', EXAMPLES)
    .action((flags: ConnectionFlags & { json?: boolean }) =>
      withClient(flags, async (client) => {
        const queues = await readAll(client.queues());
        if (flags.json) return printJson(queues);
        if (queues.length === 0) return printNote('No queues.');
        printLines(renderTable(queues, columnsAt(Date.now()), stdoutStyle()));
      }),
    );
  addConnectionOptions(command);
}

function columnsAt(nowMs: number): Column<Queue>[] {
  return [
    { heading: 'QUEUE', text: ({ name }) => name },
    {
      heading: 'STATE',
      text: ({ paused }) => (paused ? 'paused' : 'open'),
      tone: ({ paused }) => (paused ? 'yellow' : 'green'),
    },
    { heading: 'WEIGHT', text: ({ weight }) => String(weight), alignRight: true },
    { heading: 'PENDING', text: ({ pending }) => String(pending), alignRight: true },
    { heading: 'DUE', text: ({ due }) => String(due), alignRight: true },
    { heading: 'RUNNING', text: ({ running }) => String(running), alignRight: true },
    {
      heading: 'OLDEST DUE',
      text: ({ oldestDueAt }) =>
        oldestDueAt === undefined ? '' : relativeInWords(Date.parse(oldestDueAt), nowMs),
    },
    { heading: 'LIMITS', text: limitsInWords, cutTo: 10 },
  ];
}

function limitsInWords({ maxConcurrency, rateLimit, flowLimits, timeoutMs }: Queue): string {
  return [
    ...limits('', { maxConcurrency, rateLimit }),
    ...limits(' for each flow key', flowLimits ?? {}),
    ...(timeoutMs === undefined ? [] : [`timeout ${durationInWords(timeoutMs)}`]),
  ].join(', ');
}

interface Limits {
  maxConcurrency?: Queue['maxConcurrency'];
  rateLimit?: Queue['rateLimit'];
}

function limits(of: string, { maxConcurrency, rateLimit }: Limits): string[] {
  return [
    ...(maxConcurrency === undefined ? [] : [`${maxConcurrency} at a time${of}`]),
    ...(rateLimit === undefined ? [] : [`${rateLimit.perSecond} a second${of}`]),
  ];
}

const EXAMPLES = `
Examples:
  dispatchr queues
  dispatchr queues --json`;
