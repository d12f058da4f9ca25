// Loaded by `node --import` before the service: changes one source file as the environment says.
import { registerHooks } from 'node:module';
import { planted, type PlantedMutant } from './planted-mutant.ts';

const mutant = JSON.parse(process.env['DISPATCHR_TEST_MUTANT'] ?? '') as PlantedMutant;
// A variable with this prefix that the service does not know is refused, and rightly so.
delete process.env['DISPATCHR_TEST_MUTANT'];

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith(`/${mutant.file}`)) return loaded;
    const source = Buffer.from(loaded.source as Uint8Array).toString();
    return { ...loaded, source: planted(source, mutant) };
  },
});
