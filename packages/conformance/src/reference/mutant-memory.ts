import type { Settings } from './settings.ts';

const memories = new WeakMap<Settings, Map<string, string>>();

/** What a mutant carries from one attempt to another, by name; the reference as it is carries nothing. */
export function memoryOf(settings: Settings): Map<string, string> {
  const memory = memories.get(settings) ?? new Map<string, string>();
  memories.set(settings, memory);
  return memory;
}
