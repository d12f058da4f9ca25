// Prints "<passed> <failed>" for a report of vitest's JSON reporter and names the failures on stderr.
// What failed outside of a test (a file that does not load, an unhandled error) counts as one failure each.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [file, status] = process.argv.slice(2);
const failures = [];
let passed = 0;
for (const suite of readReport().testResults) {
  const path = relative(process.cwd(), suite.name);
  const failed = suite.assertionResults.filter((test) => test.status === 'failed');
  passed += suite.assertionResults.filter((test) => test.status === 'passed').length;
  failures.push(...failed.map((test) => `${path}: ${test.fullName}`));
  if (suite.status === 'failed' && failed.length === 0)
    failures.push(`${path}: ${suite.message || 'did not load'}`);
}
if (status !== '0' && failures.length === 0) failures.push(`npm test ended with ${status}`);
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.stdout.write(`${passed} ${failures.length}\n`);

function readReport() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { testResults: [] };
  }
}
