import { runCommandLine } from './cli/run-command-line.ts';
import { tolerateClosedOutput } from './cli/tolerate-closed-output.ts';

tolerateClosedOutput(process.stdout, process.stderr);
process.exitCode = await runCommandLine(process.argv.slice(2));
