import { spawn } from 'node:child_process';
import { workspaceNode } from './workspace.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// One Ctrl-C reaches this process twice when npm started it: from the terminal, and passed on by npm.
const SAME_SIGNAL_MS = 500;
const PARENT_CHECK_MS = 500;

/**
 * Runs the workspace's own Node with `args` on this terminal and ends this process as that one ends.
 * Signals are passed on, each once; with `ipc` the child can tell from a `disconnect` that this process is gone.
 */
export function runNode(args, { ipc = false, ...options } = {}) {
  const child = spawn(workspaceNode, args, {
    ...options,
    // In a process group of its own the child hears of a Ctrl-C from here only.
    detached: process.platform !== 'win32',
    stdio: ipc ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
  });
  const passedOnAt = {};
  const passOn = (signal) => {
    const now = Date.now();
    if (now - (passedOnAt[signal] ?? -Infinity) < SAME_SIGNAL_MS) return;
    passedOnAt[signal] = now;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  if (process.env.npm_lifecycle_event) whenOrphaned(() => passOn('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`The workspace's Node could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of SIGNALS) process.off(each, passOn);
    process.kill(process.pid, signal);
  });
}

// npm passes a SIGTERM on to the shell between npm and this process, and the shell dies of it alone.
function whenOrphaned(stop) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
  timer.unref();
}
