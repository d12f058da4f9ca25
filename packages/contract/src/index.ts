export type * from './gen/openapi.ts';
export * from './gen/document.ts';
export * from './gen/states.ts';
export * from './gen/special-addresses.ts';
export * from './gen/values.ts';
export * from './gen/problems.ts';
export * from './gen/limits.ts';
export * from './gen/requirements.ts';
