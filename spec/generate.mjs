// Compiles spec/ and writes what follows from it: spec/emitted/ and packages/contract/src/gen/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findFaults } from './generate/checks.mjs';
import { compileSpec } from './generate/compile.mjs';
import { contractFiles } from './generate/contract.mjs';
import { addCallback, addProblemExamples, normaliseDocument } from './generate/normalise.mjs';
import { humanPage } from './generate/page.mjs';
import { gatherRequirements } from './generate/requirements.mjs';
import { toJson, writeFolder } from './generate/write.mjs';

const folder = import.meta.dirname;
const spec = await readSpec();
const faults = findFaults(spec);
if (faults.length > 0) {
  console.error(
    `The specification has ${faults.length} faults:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
  );
  process.exit(1);
}
writeFolder(join(folder, 'emitted'), {
  'recorder.openapi.json': toJson(spec.recorder),
  'recorder.openapi.yaml': spec.recorderYaml,
  'target.openapi.json': toJson(spec.target),
  'target.openapi.yaml': toYaml(spec.target),
  'requirements.json': toJson(spec.requirements),
  'transitions.json': toJson(spec.transitions),
  'problems.json': toJson(spec.problems),
  'special-addresses.json': toJson(spec.specialAddresses),
  'index.html': humanPage(spec, folder),
});
writeFolder(join(folder, '../packages/contract/src/gen'), await contractFiles(spec));

async function readSpec() {
  const { documents, ...docs } = await compileSpec(folder);
  const problems = readJson('problems.json');
  const target = normaliseDocument(documents.Target, docs);
  const recorder = normaliseDocument(documents.Recorder, docs);
  const requirements = gatherRequirements(folder, [recorder, target]);
  addCallback(recorder, target);
  addProblemExamples(recorder, problems);
  return {
    recorder,
    recorderYaml: toYaml(recorder),
    target,
    transitions: readJson('transitions.json'),
    problems,
    specialAddresses: readJson('special-addresses.json'),
    requirements,
    specVersion: recorder.info.version,
  };
}

function readJson(name) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

function toYaml(document) {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
