import { spawnSync } from 'node:child_process';

/** Whether this machine has a Python that runs the implementation in Python (3.11 or later). */
export function hasPython(): boolean {
  return spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
}

/** Whether this machine has a shell and a curl that run the example in shell (7.76 or later). */
export function hasCurl(): boolean {
  const help = spawnSync('sh', ['-c', 'curl --help all'], { encoding: 'utf8' });
  return help.status === 0 && help.stdout.includes('--fail-with-body');
}
