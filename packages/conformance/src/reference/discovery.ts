import { SPEC_VERSION } from '../spec/documents.ts';
import { LIMITS, type Settings } from './settings.ts';
import { objectJson } from './task-json.ts';

/** What a reference declares of itself, as JSON text. */
export function discoveryJson(settings: Settings): string {
  const { features, variants, mutants } = settings;
  const shown = [...features].filter(
    (feature) =>
      (feature !== 'wait' || !mutants.has('undeclared-wait-ignored')) &&
      (feature !== 'signatures' || !mutants.has('signatures-undeclared')),
  );
  return objectJson(settings, {
    specVersions: [mutants.has('version-in-words') ? 'v1' : SPEC_VERSION],
    implementation: { name: 'dispatchr-reference', version: '0.1.0' },
    durability: 'process',
    limits: {
      ...LIMITS,
      maxWaitMs: shown.includes('wait') ? LIMITS.maxWaitMs : 0,
      ...(mutants.has('limit-out-of-bounds') ? { retentionFailedMs: -1 } : {}),
      ...(mutants.has('limit-declared-too-high') ? { maxHeaders: 2 * LIMITS.maxHeaders } : {}),
      ...(mutants.has('limit-declared-too-low') ? { maxIdLength: LIMITS.maxIdLength / 2 } : {}),
    },
    targetPolicy: {
      loopback: true,
      private: true,
      allow: mutants.has('allow-entry-malformed') ? ['10.0.0.0/8:http'] : [],
    },
    ...(mutants.has('secrets-in-discovery')
      ? { signingSecrets: settings.secrets.map((key) => key.toString('base64')) }
      : {}),
    features: variants.has('extra-members') ? [...shown, 'x-unknown'] : shown,
  });
}
