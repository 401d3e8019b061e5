// What CI runs: every check of the repository, or those that are named (`node tools/check.ts lint types`). Prints one line
// a step, the output of the steps that failed, and at the end how many tests passed and how many tests and steps failed.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Step {
  readonly name: string;
  /** Run one after the other; the first that fails ends the step. */
  readonly commands: readonly (readonly [program: string, ...args: string[]])[];
}

interface Result {
  readonly status: number;
  readonly output: string;
  readonly seconds: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'aqe-check-'));
const testReport = join(scratch, 'tests.json');

const quick: readonly Step[] = [
  {
    name: 'types',
    commands: [
      ['tsc', '-p', '.'],
      ['tsc', '-p', 'src/core'],
    ],
  },
  { name: 'format', commands: [['prettier', '--check', '--cache', '.']] },
  { name: 'lint', commands: [['oxlint', '--deny-warnings']] },
  { name: 'unused code', commands: [['knip', '--no-progress']] },
  {
    name: 'generated docs',
    commands: [
      ['node', 'tools/generate-registry.ts', '--check'],
      ['node', 'tools/generate-docs.ts', '--check'],
    ],
  },
  { name: 'build', commands: [['node', 'tools/build.ts']] },
];
// On its own, after the build: some tests start the built program, and some wait for the clock.
const tests: Step = {
  name: 'tests',
  commands: [['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${testReport}`]],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => ![...quick, tests].some((step) => step.name === name));
const wanted = (step: Step): boolean => asked.length === 0 || asked.includes(step.name);

if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(', ')}\n`);
  process.exitCode = 2;
} else await main().finally(() => rm(scratch, { recursive: true, force: true }));

async function main(): Promise<void> {
  let passed = 0;
  let failed = 0;
  const queue = quick.filter(wanted);
  const worker = async (): Promise<void> => {
    for (let step = queue.shift(); step; step = queue.shift()) {
      const result = await run(step);
      if (result.status !== 0) failed += 1;
      show(step, result);
    }
  };
  await Promise.all([worker(), worker()]);
  if (wanted(tests)) {
    const result = await run(tests);
    const count = await countTests(result.status);
    passed = count.passed;
    failed += count.failed;
    show(tests, result, `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}

async function run({ commands }: Step): Promise<Result> {
  const started = performance.now();
  let output = '';
  for (const [program, ...args] of commands) {
    const status = await runCommand(program, args, (text) => {
      output += text;
    });
    if (status !== 0) return { status, output, seconds: (performance.now() - started) / 1000 };
  }
  return { status: 0, output, seconds: (performance.now() - started) / 1000 };
}

function runCommand(program: string, args: readonly string[], take: (text: string) => void): Promise<number> {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  // A test that looks at colours sets them itself; npm and CI systems set these for what they start.
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...env } = process.env;
  const child = spawn(program, args, { cwd: root, env: { ...env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      take(`${program}: ${error.message}\n`);
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function show({ name }: Step, { status, output, seconds }: Result, detail = ''): void {
  if (status !== 0) process.stdout.write(`\n${output.trimEnd()}\n\n`);
  const note = detail ? `  ${detail}` : '';
  process.stdout.write(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s${note}\n`,
  );
}

interface TestFile {
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

/** Tests by outcome. A file that could not be loaded, and a run that failed without a failed test, count as one failure. */
async function countTests(status: number): Promise<{ passed: number; failed: number; skipped: number }> {
  const report = await readFile(testReport, 'utf8').catch(() => null);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const files = (JSON.parse(report) as { readonly testResults: readonly TestFile[] }).testResults;
  const all = files.flatMap((file) => file.assertionResults);
  const passed = all.filter((test) => test.status === 'passed').length;
  const failedTests = all.filter((test) => test.status === 'failed').length;
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = failedTests + broken;
  const noTests = status === 0 && passed === 0;
  return {
    passed,
    failed: failed === 0 && (status !== 0 || noTests) ? 1 : failed,
    skipped: all.length - passed - failedTests,
  };
}
