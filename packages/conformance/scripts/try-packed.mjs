#!/usr/bin/env node
// Packs the package, installs it into an empty folder without a network, and uses it as a stranger would:
//   node packages/conformance/scripts/try-packed.mjs [path of the node to use, for example of Node 20]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const node = process.argv[2] ?? process.execPath;
const home = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dispatchr-conformance-'));
const run = (command, ...words) => execFileSync(command, words, { cwd: folder, encoding: 'utf8' });

try {
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: home,
    encoding: 'utf8',
  });
  // What `prepack` prints comes first.
  const [{ filename, size, files }] = JSON.parse(packed.slice(packed.search(/^\[/m)));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', `./${filename}`);
  const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  expectEqual('what is installed', installed.join(), 'dispatchr-conformance');

  const bin = join(folder, 'node_modules/dispatchr-conformance/bin/dispatchr-conformance.js');
  const startedAt = performance.now();
  const version = run(node, bin, '--version').trim();
  const startMs = Math.round(performance.now() - startedAt);
  const { checks } = JSON.parse(run(node, bin, 'list', '--json'));
  await withReference(bin, (url) => {
    run(node, bin, '--url', url, '--profile', 'recorder', '--report', 'json=report.json,html=report.html');
    run(node, bin, '--url', url, '--only', 'delivery-*');
  });
  process.stdout.write(
    `${filename}: ${files.length} files, ${Math.round(size / 1024)} KiB; version ${version} in ${startMs} ms, ${checks.length} checks, two runs\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function withReference(bin, use) {
  const reference = spawn(node, [bin, 'reference'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [url] = await once(reference.stdout, 'data');
    use(String(url).trim());
  } finally {
    reference.kill('SIGTERM');
  }
}

function expectEqual(what, got, expected) {
  if (got !== expected) throw new Error(`${what}: expected ${expected}, got ${got}`);
}
