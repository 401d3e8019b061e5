import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProjects, schema } from '../../bench/models-data.ts';
import { bootstrapAuc } from '../../bench/models-figures.ts';
import { auc } from '../../src/core/learn/measures.ts';
import { seededChance } from '../support/seeded-chance.ts';

const root = resolve(import.meta.dirname, '../..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aqe-models-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(root, 'bench/run.ts'), 'models', ...args], { encoding: 'utf8' });
}

function write(name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
}

/** Some columns are absent, one is constant, cells are empty, rows are in no order. */
function changes(n: number): readonly string[] {
  const chance = seededChance(n);
  const lines = Array.from({ length: n }, (_, index) => {
    const added = Math.floor(Math.exp(chance.normal() + 3));
    const bug = chance.uniform() < 1 / (1 + Math.exp(4 - Math.log1p(added))) ? 1 : 0;
    return `${1_500_000_000 + ((index * 7) % n) * 43_200},${bug},${added},${index % 5 === 0 ? '' : added % 9},1,${chance.uniform()}`;
  });
  return ['date,bug,la,ld,ns,entropy', ...lines];
}

test('without --data it says what is needed', () => {
  const { status, stdout, stderr } = bench();

  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('--data DIR');
});

test.each([
  ['no folder', [], 'there is no such folder'],
  ['no csv', [['notes.txt', ['a']]], 'no *.csv'],
  ['no date', [['a.csv', ['bug,la', '1,2']]], 'line 1: no column date'],
  ['no bug', [['a.csv', ['date,la', '1,2']]], 'line 1: no column bug'],
  ['no feature', [['a.csv', ['date,bug', '1,0']]], 'line 1: none of ns'],
  ['a short line', [['a.csv', ['date,bug,la', '1,0,3', '1,0']]], 'line 3: 2 cells under 3 columns'],
  ['a word', [['a.csv', ['date,bug,la', '1,0,many']]], 'line 2: la is no number: "many"'],
  ['an empty date', [['a.csv', ['date,bug,la', ',0,1']]], 'line 2: no date'],
  ['a label of two', [['a.csv', ['date,bug,la', '1,2,1']]], 'line 2: bug is neither 0 nor 1'],
  ['too few rows', [['a.csv', ['date,bug,la', '1,0,1']]], '1 changes; at least 100'],
  [
    'one kind of label',
    [['a.csv', ['date,bug,la', ...Array.from({ length: 200 }, (_, i) => `${i},0,1`)]]],
    'one kind of label only',
  ],
] as const)('a folder with %s is refused with the place', (name, files, message) => {
  // prettier-ignore
  const data = mkdtempSync(join(folder, 'x-'));
  for (const [file, lines] of files) writeFileSync(join(data, file), lines.join('\n'));

  expect(() => readProjects(name === 'no folder' ? join(data, 'gone') : data)).toThrow(message);
});

test('a broken file ends with 2', () => {
  const data = mkdtempSync(join(folder, 'broken-'));
  writeFileSync(join(data, 'a.csv'), 'date,la\n1,2\n');

  const { status, stderr } = bench('--data', data);

  expect(status).toBe(2);
  expect(stderr).toContain('a.csv: line 1: no column bug');
});

test('changes are sorted by time, cells that are empty or absent are not known', () => {
  write('shop.csv', changes(300));

  const [shop] = readProjects(folder);

  const column = (name: string) => schema.columns.findIndex((each) => each.name === name);
  expect(shop?.name).toBe('shop');
  expect(shop?.times).toEqual(shop?.times.toSorted((a, b) => a - b));
  expect(shop?.rows.every((row) => row[column('nf')] === null && row[column('ns')] === 1)).toBe(true);
  expect(shop?.rows.filter((row) => row[column('ld')] === null)).toHaveLength(60);
  expect(shop?.rows.every((row) => typeof row[column('entropy')] === 'number')).toBe(true);
});

test('every model has a line for the project and for the mean', { timeout: 120_000 }, () => {
  const data = mkdtempSync(join(folder, 'small-'));
  writeFileSync(join(data, 'shop.csv'), changes(300).join('\n'));

  const { status, stdout, stderr } = bench('--data', data, '--format', 'json');

  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  const withPeers = !stderr.includes('PEERS SKIPPED');
  const own = lines.filter(({ regime }) => regime !== 'bootstrap');
  expect([0, 1]).toContain(status);
  for (const project of ['shop', 'mean'])
    expect(
      own.filter((line) => line['project'] === project).map((line) => `${line['model']} ${line['regime']}`),
    ).toEqual([
      ...['aqe', 'aqe-logistic', 'aqe-boosting', 'lines-added'].map((model) => `${model} frozen`),
      ...(withPeers ? ['logistic', 'spline', 'random-forest', 'hist-gradient-boosting', 'average', 'average-of-three'] : []).map((model) => `sklearn-${model} frozen`), // prettier-ignore
      'aqe walk-forward',
    ]);
  for (const line of own)
    for (const name of ['auc', 'prauc', 'brier', 'logloss', 'ece', 'top5', 'top10', 'trainMs', 'predictUs'])
      expect(line[name]).toSatisfy(Number.isFinite);
  expect(lines.length - own.length).toBe(withPeers ? 1 : 0);
});

test('the difference of two models is that of their areas, and lies in its interval', () => {
  const chance = seededChance(2);
  const labels = Array.from({ length: 400 }, () => (chance.uniform() < 0.3 ? 1 : 0));
  const ours = labels.map((label) => Math.round((label + 2 * chance.normal()) * 4));
  const theirs = labels.map((label) => label + 4 * chance.normal());

  const { dAuc, lower, upper } = bootstrapAuc([{ labels, ours, theirs }], 300, chance.below);

  expect(dAuc).toBeCloseTo(auc(ours, labels)! - auc(theirs, labels)!, 12);
  expect(lower).toBeLessThan(dAuc);
  expect(upper).toBeGreaterThan(dAuc);
  expect(bootstrapAuc([{ labels, ours, theirs: ours }], 50, chance.below)).toEqual({ dAuc: 0, lower: 0, upper: 0 });
});
