import { spawn } from 'node:child_process';

/** Ends what a run started if the run itself dies, even by kill -9. */
export interface Guard {
  /** The process is to be killed if this one dies. */
  add(pid: number): void;
  /** The process has ended; its number may be somebody else's soon. */
  remove(pid: number): void;
  /** Everything was put away in order. */
  release(): void;
}

/**
 * Starts a shell that waits for the end of this process, which ends its standard input. Then it kills the processes
 * that are left, unmounts the disk of the run, and removes its folder.
 */
export function startGuard(scratch: string): Guard {
  const script = `
    pids=
    while read -r word pid; do
      case $word in
        add) pids="$pids $pid " ;;
        remove) pids=$(printf %s "$pids" | sed "s/ $pid / /") ;;
        release) exit ;;
      esac
    done
    for pid in $pids; do kill -KILL "$pid"; done 2>/dev/null
    umount -l "$1/disk" 2>/dev/null
    rm -rf "$1"`;
  // Detached, so that Ctrl-C in the terminal does not end the guard before its objects.
  const shell = spawn('sh', ['-c', script, 'sh', scratch], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  shell.stdin.on('error', () => undefined);
  return {
    add: (pid) => void shell.stdin.write(`add ${pid}\n`),
    remove: (pid) => void shell.stdin.write(`remove ${pid}\n`),
    release: () => void shell.stdin.end('release\n'),
  };
}
