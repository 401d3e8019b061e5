// Makes every file under reports/ by running the real tools on this service, all in one run of the same sources:
//
//   node examples/checkout/regenerate.mjs                makes the reports
//   node examples/checkout/regenerate.mjs --tests-only   runs the tests and writes nothing
//
// The tools are no dependencies of the service. They are installed at the versions below into a temporary folder,
// beside a copy of the service, and run there. What they write is kept as it is, but for two names of the machine it
// ran on: the temporary folder is cut from paths, so that they start at the service's folder, and JUnit's `hostname`
// becomes "localhost". No number is touched, and the old reports stay until every tool has run.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative, sep } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const tools = {
  vitest: '5.1.1',
  '@vitest/coverage-v8': '5.1.1',
  '@stryker-mutator/core': '10.1.1',
  '@stryker-mutator/vitest-runner': '10.1.1',
  eslint: '10.15.0',
  '@eslint/js': '10.0.1',
  autocannon: '9.0.0',
};
/** What the tools depend on is taken as it was on this day, so that a later release of it changes no report. */
const TOOLS_AS_OF = '2026-11-20';

const LOAD_PORT = process.env.CHECKOUT_LOAD_PORT ?? '18080';
const QUOTE = {
  country: 'DE',
  code: 'TAKE5',
  lines: [
    { sku: 'POT-12', quantity: 1 },
    { sku: 'MUG-01', quantity: 4 },
    { sku: 'TEA-EG', quantity: 2 },
  ],
};

const service = import.meta.dirname;
const repository = join(service, '..', '..');
const work = mkdtempSync(join(realpathSync(tmpdir()), 'checkout-'));
const copy = join(work, 'checkout');
const testsOnly = process.argv.includes('--tests-only');

const say = (text) => process.stdout.write(`${text}\n`);
const inCopy = (path) => join(copy, 'reports', path);

/** All that the tools get of the environment, so that nothing else of it can end up in a report. */
const bareEnv = { HOME: homedir(), NO_COLOR: '1', PATH: dirname(process.execPath) + delimiter + process.env.PATH };

/** Runs a command, in the copy unless told otherwise, and gives back its stdout. @throws Error when it fails or runs for over five minutes. */
function run(command, args, place = {}) {
  say(`> ${basename(command)} ${args.map((arg) => relativeTo(work, arg)).join(' ')}`);
  const options = { cwd: copy, env: bareEnv, ...place, encoding: 'utf8', timeout: 300_000, maxBuffer: 2 ** 26 };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${status}`, { cause: error ?? `${stdout}\n${stderr}` });
}

const relativeTo = (folder, text) => text.replaceAll(folder + sep, '');

/** Runs the command `name` of an installed tool. */
function tool(name, ...args) {
  return run(process.execPath, [realpathSync(join(work, 'node_modules', '.bin', name)), ...args]);
}

function prepare() {
  const skip = ['node_modules', 'reports', '.stryker-tmp'];
  cpSync(service, copy, { recursive: true, filter: (path) => !skip.includes(basename(path)) });
  writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true, dependencies: tools }));
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  run('npm', ['install', ...quiet, `--before=${TOOLS_AS_OF}`], { cwd: work, env: process.env });
}

function test(suite, name) {
  tool('vitest', 'run', `test/${suite}`, '--reporter=junit', `--outputFile=${inCopy(`junit/${name}.xml`)}`);
}

function keep(path, text) {
  mkdirSync(dirname(inCopy(path)), { recursive: true });
  writeFileSync(inCopy(path), text);
}

/** Twenty callers ask the really started service for a quote, for ten seconds. */
async function load() {
  const server = spawn(process.execPath, ['src/main.js'], {
    cwd: copy,
    env: { ...bareEnv, PORT: LOAD_PORT },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: server.stdout }), 'line');
    if (JSON.parse(line).event !== 'listening') throw new Error(`port ${LOAD_PORT} is taken: set CHECKOUT_LOAD_PORT`);
    const request = ['--method', 'POST', '--headers', 'content-type=application/json', '--body', JSON.stringify(QUOTE)];
    const size = ['--connections', '20', '--duration', '10'];
    return tool('autocannon', ...size, ...request, '--json', `http://127.0.0.1:${LOAD_PORT}/quotes`);
  } finally {
    server.kill();
  }
}

function reportFiles(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Cuts the names of this machine out of a report. @throws Error when one is left. */
function neutralise(file) {
  const text = readFileSync(file, 'utf8')
    .replaceAll(copy + sep, '')
    .replaceAll(copy, '.')
    .replaceAll(`hostname="${hostname()}"`, 'hostname="localhost"');
  const left = [work, repository, homedir() + sep].find((name) => text.includes(name));
  if (left !== undefined) throw new Error(`${basename(file)} still names ${left}`);
  writeFileSync(file, text);
}

async function makeReports() {
  test('unit', 'unit');
  test('integration', 'integration');
  test('e2e', 'e2e-smoke');
  tool('vitest', 'run', '--coverage', `--coverage.reportsDirectory=${inCopy('coverage')}`);
  tool('stryker', 'run');
  keep('eslint.json', tool('eslint', '--format', 'json', 'src', 'test', 'regenerate.mjs'));
  keep('npm-audit.json', run('npm', ['audit', '--json']));
  keep('load/autocannon.json', await load());
  reportFiles(inCopy('')).forEach(neutralise);
}

/** Swaps the old reports for the new ones and says which those are, from the root of the repository. */
function publish() {
  const reports = join(service, 'reports');
  rmSync(reports, { recursive: true, force: true });
  cpSync(inCopy(''), reports, { recursive: true });
  const files = reportFiles(reports).sort();
  for (const file of files) say(`  ${relative(service, file)}  ${statSync(file).size} bytes`);
  return files.map((file) => relative(repository, file));
}

/**
 * LAST STEP: writes the sidecar reports/aqe-evidence.json, which ties the reports to the commit they were made from.
 * The command is started from this repository and not through npx, which would ask the registry for it.
 */
function stamp(files) {
  const aqe = join(repository, 'bin', 'aqe.cjs');
  if (!existsSync(aqe)) {
    say('No bin/aqe.cjs here: the reports are not stamped. Run: npx aqe deploy evidence stamp <files>');
    return;
  }
  const project = ['--project', 'examples/checkout', '--producer', 'examples/checkout/regenerate.mjs'];
  run(process.execPath, [aqe, 'deploy', 'evidence', 'stamp', ...files, ...project], { cwd: repository });
}

try {
  prepare();
  if (testsOnly) say(tool('vitest', 'run'));
  else {
    await makeReports();
    stamp(publish());
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
