#!/usr/bin/env node
// Makes a clone ready to run: installs what package-lock.json says, once, and only when it must.
// Runs before anything is installed, on the machine's own Node: no dependencies.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lockOf } from './set-up/lock.mjs';
import { showProgress } from './set-up/progress.mjs';
import { isMain, root } from './workspace.mjs';

const LEAST_NODE = [20, 19];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const INSTALL = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs the workspace unless it is installed already; waits while another process does it.
 * Throws an error whose message is meant for the reader when the Node is too old or npm fails.
 */
export async function setUp() {
  refuseOldNode(process.versions.node);
  if (isReady()) return;
  const release = await lockOf(root, () =>
    process.stderr.write('Waiting for another process that is setting this workspace up …\n'),
  );
  try {
    if (!isReady()) await install();
  } finally {
    await release();
  }
}

/** Runs `setUp`; prints what went wrong and ends the process with 1 if it fails. */
export async function setUpOrExit() {
  try {
    await setUp();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function refuseOldNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new Error(
    `Dispatchr needs Node ${LEAST_NODE.join('.')} or later and this is ${version}: install a newer one from https://nodejs.org.`,
  );
}

function isReady() {
  // A dangling link counts as missing: Node's binary is put there by an install script.
  if (!existsSync(join(root, 'node_modules/.bin/node'))) return false;
  if (readOrNothing(stampFile()) === lockHash()) return true;
  if (!isInstalledByHand()) return false;
  writeStamp();
  return true;
}

/** Tells whether npm's own record of what it installed already agrees with package-lock.json. */
function isInstalledByHand() {
  const installed = readOrNothing(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  const has = JSON.parse(installed).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const agrees = ([path, entry]) =>
    has[path] === undefined ? entry.optional === true : has[path].version === entry.version;
  return Object.entries(wanted).every(
    ([path, entry]) => !path.includes('node_modules/') || agrees([path, entry]),
  );
}

async function install() {
  const progress = showProgress('Installing what package-lock.json says');
  const { code, signal, output } = await runNpm(INSTALL);
  progress.end(code === 0);
  if (signal) throw new Error(`The installation was ended by ${signal}; the next run starts it again.`);
  if (code !== 0) throw new Error(`${withoutUsage(output)}\n\n${adviceFor(output)}`);
  if (!existsSync(join(root, 'node_modules/.bin/node'))) {
    throw new Error(
      'npm installed no Node into node_modules: it was told to skip install scripts. Run `npm config set ignore-scripts false` and try again.',
    );
  }
  writeStamp();
}

function runNpm(args) {
  const [command, ...before] = npmCommand();
  const child = spawn(command, [...before, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32' && before.length === 0,
  });
  const forget = onSignals(() => killGroup(child));
  let output = '';
  const collect = (chunk) => (output += chunk);
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve) => {
    const settle = (code) => resolve({ code, signal: forget(), output });
    child.on('error', (error) => {
      collect(`npm could not be started: ${error.message}`);
      settle(1);
    });
    child.on('close', settle);
  });
}

/** Calls `stop` on the first signal to end; answers a function that stops listening and tells which it was. */
function onSignals(stop) {
  let received;
  const receive = (signal) => {
    received ??= signal;
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, receive);
  return () => {
    for (const signal of SIGNALS) process.off(signal, receive);
    return received;
  };
}

// Asked to stop, npm goes on for half a minute. What it leaves behind carries no stamp and is installed anew.
function killGroup(child) {
  if (process.platform === 'win32') child.kill();
  else process.kill(-child.pid, 'SIGKILL');
}

// The npm that started this script, on the Node that runs it: the Node in node_modules is about to be replaced.
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  return npm && node && basename(npm) === 'npm-cli.js' ? [node, npm] : ['npm'];
}

// npm follows some errors with a page on how `npm ci` is called.
const withoutUsage = (output) => output.split(/^npm error Clean install a project/m)[0].trim();

function adviceFor(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(output)) {
    return 'npm could not reach its registry: check the network and the proxy (`npm config get registry`), then try again.';
  }
  if (/ENOSPC/.test(output))
    return 'The disk is full: the workspace needs about 1 GB; make room, then try again.';
  if (/EACCES|EPERM/.test(output))
    return `npm may not write to ${root}: check who owns the folder, then try again.`;
  if (/npm could not be started/.test(output))
    return 'npm comes with Node: install both from https://nodejs.org.';
  if (/in sync/.test(output))
    return 'package.json and package-lock.json disagree: run `npm install`, then try again.';
  return 'npm could not install the workspace (its words are above). Remove node_modules and try again; if it stays, run `npm ci` to see more.';
}

const stampFile = () => join(root, 'node_modules/.dispatchr-set-up');
const writeStamp = () => writeFileSync(stampFile(), lockHash());
const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (isMain(import.meta.url)) await setUpOrExit();
