import type { TargetHealth } from '@dispatchr/client';
import type { Command } from 'commander';
import { printJson, printLines, printNote, stdoutStyle } from '../output.ts';
import { relativeInWords } from '../show/durations.ts';
import { escapeControls } from '../show/escape-controls.ts';
import { toneOfState } from '../show/output-style.ts';
import { renderTable } from '../show/render-table.ts';
import type { Column } from '../show/render-table.ts';
import { readAll } from '../tasks/read-all.ts';
import { addConnectionOptions, withClient } from '../with-client.ts';
import type { ConnectionFlags } from '../with-client.ts';

/** `dispatchr targets`: the origins that are held back, or are being delivered to. */
export function addTargetsCommand(program: Command): void {
  const command = program
    .command('targets')
    .description('List the targets that are not healthy, held back, or being delivered to.')
    .option('--json', 'print a line of JSON for each target')
    .addHelpText('after', EXAMPLES)
    .action((flags: ConnectionFlags & { json?: boolean }) =>
      withClient(flags, async (client) => {
        const targets = await readAll(client.targets());
        if (flags.json) return printJson(targets);
        if (targets.length === 0) return printNote('All targets are healthy, and nothing is in flight.');
        const nowMs = Date.now();
        printLines([...renderTable(targets, columnsAt(nowMs), stdoutStyle()), ...heldUrls(targets, nowMs)]);
      }),
    );
  addConnectionOptions(command);
}

function columnsAt(nowMs: number): Column<TargetHealth>[] {
  const at = (instant: string | undefined): string =>
    instant === undefined ? '' : relativeInWords(Date.parse(instant), nowMs);
  return [
    { heading: 'ORIGIN', text: ({ origin }) => origin },
    { heading: 'STATE', text: ({ state }) => state, tone: ({ state }) => toneOfState(state) },
    { heading: 'SINCE', text: ({ since }) => at(since) },
    { heading: 'TRIED AGAIN', text: ({ until }) => at(until) },
    { heading: 'RUNNING', text: ({ running }) => String(running), alignRight: true },
    { heading: 'FAILURES', text: ({ failures }) => String(failures), alignRight: true },
    { heading: 'LAST ERROR', text: ({ lastError }) => lastError ?? '', cutTo: 12 },
  ];
}

function heldUrls(targets: readonly TargetHealth[], nowMs: number): string[] {
  return targets
    .flatMap((target) => target.heldUrls)
    .map(({ target, until }) =>
      escapeControls(
        `held back: ${target} answered 429; tried again ${relativeInWords(Date.parse(until), nowMs)}`,
      ),
    );
}

const EXAMPLES = `
Examples:
  dispatchr targets
  dispatchr targets --json`;
