import type { Logger } from '../logger.ts';

/** A logger that keeps its lines. */
export function collectLog(): Logger & { lines: { level: string; details: object; message: string }[] } {
  const lines: { level: string; details: object; message: string }[] = [];
  const keep = (level: string) => (details: object, message: string) =>
    void lines.push({ level, details, message });
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
