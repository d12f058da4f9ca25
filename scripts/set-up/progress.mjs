const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const LINE_MS = 10_000;

/** Shows on stderr that `what` is under way: one living line on a terminal, a line every 10 s elsewhere. */
export function showProgress(what) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const show = process.stderr.isTTY ? onTerminal : inLines;
  const stop = show(what, seconds);
  return {
    end(succeeded) {
      stop();
      process.stderr.write(`${what}: ${succeeded ? 'done' : 'failed'} after ${seconds()} s\n`);
    },
  };
}

function onTerminal(what, seconds) {
  let frame = 0;
  const draw = () => {
    frame = (frame + 1) % FRAMES.length;
    process.stderr.write(`\r\x1b[K${FRAMES[frame]} ${what} … ${seconds()} s`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\x1b[K');
  };
}

function inLines(what, seconds) {
  process.stderr.write(`${what} (about half a minute) …\n`);
  const timer = setInterval(() => process.stderr.write(`… ${seconds()} s\n`), LINE_MS);
  return () => clearInterval(timer);
}
