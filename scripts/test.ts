/**
 * Everything that must hold: `npm test`, or some of it: `npm test -- test/call`. Types, lint and format come first, then the
 * tests. The last line counts all of them: `N passed, N failed`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { CHECKS, runChecks, runTool } from './checks.ts';
import { ensureChromium } from './chromium.ts';

const ROOT = resolve(import.meta.dirname, '..');
const REPORT = resolve(ROOT, '.cache/test-report.json');

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const filters = process.argv.slice(2);
// A few chosen tests are run while writing code that may not be whole yet.
const failedChecks = filters.length === 0 ? runChecks((line) => console.log(line)) : [];
const checkCount = filters.length === 0 ? CHECKS.length : 0;
const chromium = ensureChromium((line) => console.log(line));
if (chromium === undefined) console.log('Chromium was not found: install it, or set CHROMIUM_PATH');
else process.env.CHROMIUM_PATH = chromium;

const tests = runTests();
for (const name of failedChecks) console.log(`failed: ${name}`);
const failed = failedChecks.length + tests.failed;
console.log(`${checkCount - failedChecks.length + tests.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A test file that could not be loaded counts as one failure; so does a run that broke off. */
function runTests(): { passed: number; failed: number } {
  mkdirSync(resolve(ROOT, '.cache'), { recursive: true });
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const isGood = runTool(['vitest', 'run', ...reporters, ...filters]);
  const report = readReport();
  if (!report) return { passed: 0, failed: 1 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + broken;
  return { passed: report.numPassedTests, failed: !isGood && failed === 0 ? 1 : failed };
}

function readReport(): z.infer<typeof reportSchema> | undefined {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(REPORT, 'utf8')));
  } catch {
    return undefined;
  }
}
