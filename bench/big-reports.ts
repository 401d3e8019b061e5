import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Figure } from './figure.ts';
import { writeCobertura, writeJunit, writeLcov, writeLcovLines, writeSarif } from './inputs.ts';
import { aqe, isThere, medians, peakMemory, type Job } from './processes.ts';

const megabyte = 1_000_000;
const rounds = 5;

/** Whole runs of `aqe deploy evidence` over big reports, each beside a peer that does the least that could be done. */
export const bigReports: Benchmark = {
  name: 'big-reports',
  measure() {
    const folder = mkdtempSync(join(tmpdir(), 'aqe-bench-'));
    try {
      return [...speed(folder), ...memory(folder), ...cores(folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function reading(folder: string, ...files: readonly string[]): Job {
  // 3: the reports are dated, and stale one day.
  return aqe(['deploy', 'evidence', ...files, '--project', folder], folder, [0, 3]);
}

function speed(folder: string): readonly Figure[] {
  const file = (name: string, write: (path: string) => void): string => {
    const path = join(folder, name);
    write(path);
    return path;
  };
  const parse = (path: string): Job => ({
    args: ['-e', `JSON.parse(require('fs').readFileSync(${JSON.stringify(path)}, 'utf8'))`],
  });
  const xmllint = (path: string): Job => ({ program: 'xmllint', args: ['--stream', '--noout', path] });
  // Into a pipe: grep stops at the first match when nobody can see the count.
  const grep = (path: string): Job => ({ program: 'sh', args: ['-c', 'grep -c ^DA: "$1" | cat', 'sh', path] });
  const of = (name: string, path: string, peer: Job, bar: number, unit: string): Figure => {
    const [ours = NaN, theirs = NaN] = medians([reading(folder, path), peer], rounds, 1);
    return { name: `${name}, ${Math.round(statSync(path).size / megabyte)} MB`, value: ours / theirs, bar, unit };
  };
  const figures: Figure[] = [];
  if (isThere('xmllint')) {
    const junit = file('junit-big.xml', (path) => writeJunit(path, 1_000_000));
    figures.push(of('junit', junit, xmllint(junit), 3, '× xmllint --stream'));
    const cobertura = file('cobertura-big.xml', (path) => writeCobertura(path, 100 * megabyte));
    figures.push(of('cobertura', cobertura, xmllint(cobertura), 3.5, '× xmllint --stream'));
  } else process.stderr.write('skipped: junit and cobertura, xmllint is not there (libxml2-utils)\n');
  const lines = file('lines.info', (path) => writeLcovLines(path, 200 * megabyte));
  figures.push(of('lcov of lines', lines, grep(lines), 2, '× grep -c ^DA:'));
  const lcov = file('mixed.info', (path) => writeLcov(path, 200 * megabyte));
  figures.push(of('lcov with branches', lcov, grep(lcov), 2, '× grep -c ^DA:'));
  const sarif = file('big.sarif', (path) => writeSarif(path, 200 * megabyte));
  figures.push(of('sarif', sarif, parse(sarif), 1.5, '× JSON.parse'));
  figures.push({
    name: 'sarif, memory',
    value: peakMemory(reading(folder, sarif)) / megabyte,
    bar: 300,
    unit: 'MB',
  });
  return figures;
}

/** How much more memory five times the file takes. */
function memory(folder: string): readonly Figure[] {
  const growth = (name: string, write: (path: string, size: number) => void, small: number): Figure => {
    const [one = NaN, five = NaN] = [1, 5].map((times) => {
      const path = join(folder, `${times}-${name}`);
      write(path, times * small);
      return peakMemory(reading(folder, path));
    });
    return { name: `memory of five times ${name}`, value: five / one, bar: 1.5, unit: '× the memory' };
  };
  return [
    growth('junit.xml', writeJunit, 200_000),
    growth('lines.info', writeLcovLines, 40 * megabyte),
    growth('log.sarif', writeSarif, 40 * megabyte),
  ];
}

function cores(folder: string): readonly Figure[] {
  if (!isThere('taskset')) {
    process.stderr.write('skipped: two cores, taskset is not there (util-linux)\n');
    return [];
  }
  const files = Array.from({ length: 500 }, (_, index) => {
    const path = join(folder, `part-${index}.xml`);
    writeJunit(path, 5000);
    return path;
  });
  const job = reading(folder, ...files);
  const single: Job = { ...job, program: 'taskset', args: ['-c', '0', process.execPath, ...job.args] };
  const [all = NaN, one = NaN] = medians([job, single], 3, 1);
  return [{ name: '500 files of 1 MB', value: all / one, bar: 1 / 1.6, unit: '× on one core' }];
}
