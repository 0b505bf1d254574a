/**
 * `npm test`: sets up what is missing, then runs every check. The last line is `N passed, N failed`.
 *
 *   npm test                         types, lint, unit tests, browser tests
 *   npm test -- unit browser         only these stages
 *   npm test -- unit random.test     a stage, and a filter handed to vitest
 *
 * Every stage runs even when an earlier one failed. A skipped test counts as a failed one.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, ensureChromium, ensureDependencies, root } from './setup.mjs';

const stageNames = ['types', 'lint', 'unit', 'browser'];
const typeProjects = ['tsconfig.sim.json', 'tsconfig.app.json', 'tsconfig.node.json'];
const stageLimit = 25 * 60_000; // ms; a stage that hangs is ended and counts as failed

const words = process.argv.slice(2);
const filters = words.filter((word) => !stageNames.includes(word));
const stages = words.some((word) => stageNames.includes(word)) ? stageNames.filter((name) => words.includes(name)) : stageNames;

await ensureDependencies();
let passed = 0;
let failed = 0;
/** @type {string[]} */
const complaints = [];

if (stages.includes('types')) {
  for (const project of typeProjects) {
    await check(`types of ${project}`, [bin('typescript', 'bin/tsc'), '--project', project, '--pretty', 'false']);
  }
}
if (stages.includes('lint')) await check('lint', [bin('oxlint', 'bin/oxlint'), '--deny-warnings', '--report-unused-disable-directives']);
if (stages.includes('unit')) await runVitest('unit');
if (stages.includes('browser')) {
  if (ensureChromium()) await runVitest('browser');
  else fail('browser tests: no Chromium');
}

for (const complaint of complaints) console.log(`FAILED  ${complaint}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/**
 * The script behind a command of a dependency, so that no shell is needed to run it.
 *
 * @param {string} name
 * @param {string} file
 */
function bin(name, file) {
  return path.join(root, 'node_modules', name, file);
}

/**
 * @param {string} complaint
 * @param {number} [count]
 */
function fail(complaint, count = 1) {
  failed += count;
  complaints.push(complaint);
}

/**
 * Run a command that is one check.
 *
 * @param {string} title
 * @param {string[]} command  arguments of Node
 */
async function check(title, command) {
  const code = await runNode(title, command);
  if (code === 0) passed += 1;
  else fail(`${title} (exit code ${code})`);
}

/**
 * Run one vitest project and count its tests from its JSON report.
 *
 * @param {string} project
 */
async function runVitest(project) {
  const reportFile = path.join(cacheFolder, `${project}-report.json`);
  fs.rmSync(reportFile, { force: true });
  const code = await runNode(`${project} tests`, [
    bin('vitest', 'vitest.mjs'),
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...filters,
  ]);
  if (!fs.existsSync(reportFile)) return fail(`${project} tests crashed before they reported (exit code ${code})`);
  const report = JSON.parse(fs.readFileSync(reportFile, 'utf8'));
  const failedBefore = failed;
  let count = 0;
  for (const file of report.testResults) {
    const name = path.relative(root, file.name);
    for (const test of file.assertionResults) {
      count += 1;
      if (test.status === 'passed') passed += 1;
      else fail(`${name}: ${test.fullName} (${test.status})`);
    }
    if (file.assertionResults.length === 0) fail(`${name}: no test ran`);
  }
  if (count === 0) fail(`${project} tests: no test ran`);
  if (code !== 0 && failed === failedBefore) fail(`${project} tests: exit code ${code}, an error outside the tests`);
}

/**
 * @param {string} title
 * @param {string[]} command
 * @returns {Promise<number | string>} the exit code, or what ended it
 */
function runNode(title, command) {
  console.log(`\n── ${title}`);
  const started = Date.now();
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => {
    const limit = setTimeout(() => child.kill('SIGKILL'), stageLimit);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      console.log(`── ${title}: ${code === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      resolve(code ?? signal ?? 'unknown');
    });
  });
}
