import { spawnSync } from 'node:child_process';

/** Whether this machine has a Python that runs the implementation in Python (3.11 or later). */
export function hasPython(): boolean {
  return spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
}
