import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Waits until this process is the only one that sets up `folder`; answers a function that gives the lock back.
 * Calls `onWait` once if another process has the lock.
 * A listening socket is the lock, so the kernel frees it however the owner ends.
 */
export async function lockOf(folder, onWait) {
  const address = addressFor(folder);
  for (let tries = 0; ; tries += 1) {
    const server = await listen(address);
    if (server) return () => release(server);
    if (tries === 0) onWait();
    await ownerToEnd(address);
  }
}

function addressFor(folder) {
  const name = `dispatchr-set-up-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

function listen(address) {
  const server = createServer();
  server.sockets = new Set();
  server.on('connection', (socket) => {
    server.sockets.add(socket);
    socket.on('error', () => {}).on('close', () => server.sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}

// The connection ends with the owner, whether it released the lock or was killed.
function ownerToEnd(address) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.on('error', (error) => {
      // Only a socket file outlives its owner; Linux and Windows names vanish with the process.
      if (error.code === 'ECONNREFUSED' && !address.startsWith('\0')) rmSync(address, { force: true });
    });
    socket.on('close', () => resolve());
    socket.resume();
  });
}

function release(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of server.sockets) socket.destroy();
  });
}
