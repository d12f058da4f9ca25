export { type FakeClock, createFakeClock } from './fake-clock.ts';
export { CERTIFICATES } from './certificates.ts';
export { newTask } from './new-task.ts';
export { type PostgresServer, startPostgresServer } from './postgres-server.ts';
export { type ScriptedTarget, startScriptedTarget } from './scripted-target.ts';
export type {
  RecordedRequest,
  ScriptEntry,
  ScriptedAnswer,
  ScriptedDecision,
  ScriptedResponse,
} from './target-script.ts';
export {
  type DatabaseTemplate,
  type TestDatabase,
  createTemplate,
  createTestDatabase,
  dropDatabase,
} from './test-database.ts';
export {
  type TestStore,
  openTestDatabase,
  openTestStore,
  realTimer,
  testStoreOptions,
} from './test-store.ts';
export { type ApiClient, createApiClient } from './api-client.ts';
export { type ServiceProcess, spawnDispatchr, startServiceProcess } from './service-process.ts';
