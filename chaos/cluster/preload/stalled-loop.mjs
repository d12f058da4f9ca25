// Loaded into a process of the service before anything else: SIGUSR2 stalls its event loop for CHAOS_STALL_MS.
const stallMs = Number(process.env['CHAOS_STALL_MS'] ?? 0);

process.on('SIGUSR2', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
});
