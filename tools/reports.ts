import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';

// The reports of this very project, for `aqe deploy assess` on itself. A tool that fails still leaves its report: what it
// says is evidence, also when it says that it failed.
rmSync('reports', { recursive: true, force: true });
mkdirSync('reports', { recursive: true });

const node = process.execPath;
const run = (name: string, args: readonly string[], output?: string): void => {
  const { status, stdout, error } = spawnSync(args[0]!, args.slice(1), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', output ? 'pipe' : 'ignore', 'inherit'],
  });
  if (error) throw error;
  if (output) writeFileSync(output, stdout);
  process.stdout.write(`${name}: exit ${status}\n`);
};

run('tests and coverage', [
  node,
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=junit',
  '--outputFile.junit=reports/junit.xml',
  '--coverage.enabled',
  '--coverage.provider=v8',
  '--coverage.include=src/**/*.ts',
  '--coverage.reporter=lcov',
  '--coverage.reportsDirectory=reports/coverage',
]);
run('lint', ['node_modules/.bin/oxlint', '--format=sarif', '.'], 'reports/oxlint.sarif');
run('audit', ['npm', 'audit', '--json'], 'reports/npm-audit.json');
run('start-up benchmark', [node, 'bench/run.ts', 'start-up', '--format', 'json'], 'reports/bench.ndjson');

// A report that a tool did not write is missing evidence: assess says so, nothing is stamped in its place.
const reports = ['reports/junit.xml', 'reports/coverage/lcov.info', 'reports/oxlint.sarif'].filter((file) =>
  existsSync(file),
);
run('stamp', [node, 'bin/aqe.cjs', 'deploy', 'evidence', 'stamp', ...reports]);
