// Preloaded into the service by start.mjs: a wrapper that was killed outright must not leave the service behind.
if (process.channel) {
  process.on('disconnect', () => {
    process.stderr.write('The process that started this service is gone: stopping.\n');
    process.kill(process.pid, 'SIGTERM');
  });
  // A listener for `disconnect` would otherwise keep the process alive.
  process.channel.unref();
}
