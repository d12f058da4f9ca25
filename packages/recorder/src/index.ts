export { createRecorder } from './recorder-plugin.ts';
export { RECORDER_DEFAULTS } from './recorder-options.ts';
export type { RecorderOptions } from './recorder-options.ts';
export { RECORDER_SERVER_DEFAULTS, refuseOpenHost, startRecorder } from './recorder-server.ts';
export type { RecorderServer, RecorderServerOptions } from './recorder-server.ts';
