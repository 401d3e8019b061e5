import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LearnerSchema } from '../src/core/learn/preparation.ts';

/** A data folder or file that cannot be used; the message says which and why. */
export class UnusableData extends Error {}

/** Changes of one project, oldest first. */
export interface Project {
  readonly name: string;
  /** Raw values in the order of `features`; null: an empty cell or an absent column. */
  readonly rows: readonly (readonly (number | null)[])[];
  readonly labels: readonly (0 | 1)[];
  /** Milliseconds. */
  readonly times: readonly number[];
}

/** The change features of Kamei et al. 2013. Another spelling after the bar. */
const features = 'ns nd nf entropy|entrophy la ld lt fix ndev age nuc exp rexp sexp'.split(' ');
const names = features.map((feature) => feature.split('|')[0]!);
const plain = ['entropy', 'fix'];

/** Chosen on the validation part: see docs/explain/models.md. */
const ratios = 'la/ld la/nf la/lt ld/lt nuc/nf ndev/nf nd/nf sexp/exp rexp/exp nuc/ndev'.split(' ');

export const schema: LearnerSchema = {
  columns: names.map((name) => ({ name, kind: plain.includes(name) ? 'number' : 'count' })),
  ratios: ratios.map((ratio) => {
    const [above = '', below = ''] = ratio.split('/');
    return [names.indexOf(above), names.indexOf(below)];
  }),
};

export const linesAddedColumn = names.indexOf('la');

/** @throws UnusableData when there is no folder, no csv in it, or one that cannot be read as such. */
export function readProjects(folder: string): readonly Project[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UnusableData(`${folder}: there is no such folder`);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .toSorted();
  if (files.length === 0) throw new UnusableData(`${folder}: no *.csv in it`);
  return files.map((name) => readProject(join(folder, name)));
}

const fewest = 100;

function readProject(path: string): Project {
  const [first = '', ...lines] = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  const head = first.split(',').map((cell) => cell.trim());
  const placeOf = (feature: string): number => head.findIndex((cell) => feature.split('|').includes(cell));
  const [date, bug, ...places] = ['date', 'bug', ...features].map(placeOf) as [number, number, ...number[]];
  for (const [name, place] of [
    ['date', date],
    ['bug', bug],
  ] as const)
    // prettier-ignore
    if (place < 0) throw new UnusableData(`${path}: line 1: no column ${name}`);
  if (places.every((place) => place < 0)) throw new UnusableData(`${path}: line 1: none of ${names.join(', ')}`);
  const changes = lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${path}: line ${index + 2}`;
    const cells = line.split(',');
    if (cells.length !== head.length)
      throw new UnusableData(`${where}: ${cells.length} cells under ${head.length} columns`);
    const numberAt = (place: number): number | null => {
      const cell = place < 0 ? '' : cells[place]!.trim();
      if (cell === '' || /^nan$/i.test(cell)) return null;
      const value = /^true$/i.test(cell) ? 1 : /^false$/i.test(cell) ? 0 : Number(cell);
      if (!Number.isFinite(value))
        throw new UnusableData(`${where}: ${head[place]} is no number: ${JSON.stringify(cell)}`);
      return value;
    };
    const time = numberAt(date);
    const label = numberAt(bug);
    if (time === null) throw new UnusableData(`${where}: no date`);
    if (label !== 0 && label !== 1) throw new UnusableData(`${where}: bug is neither 0 nor 1`);
    return [{ row: places.map(numberAt), label: label as 0 | 1, time: time * 1_000 }];
  });
  if (changes.length < fewest)
    throw new UnusableData(`${path}: ${changes.length} changes; at least ${fewest} are needed`);
  changes.sort((a, b) => a.time - b.time);
  const labels = changes.map(({ label }) => label);
  const cut = trainedOn(changes.length);
  for (const [part, own] of [
    ['oldest 70 %', labels.slice(0, cut)],
    ['newest 30 %', labels.slice(cut)],
  ] as const)
    // prettier-ignore
    if (!own.includes(0) || !own.includes(1)) throw new UnusableData(`${path}: the ${part} has one kind of label only`);
  return {
    name: basename(path, '.csv'),
    rows: changes.map(({ row }) => row),
    labels,
    times: changes.map(({ time }) => time),
  };
}

/** Rows that are trained on: the oldest 70 %. */
export function trainedOn(rows: number): number {
  return Math.floor(rows * 0.7);
}

/** Rows from start up to end. */
export function part({ name, rows, labels, times }: Project, start: number, end: number): Project {
  return { name, rows: rows.slice(start, end), labels: labels.slice(start, end), times: times.slice(start, end) };
}
