// Makes src/core/prediction/shipped-prior.ts: what the changes of other projects teach about the coefficients of the release model.
//   node tools/train-prior.ts --data DIR [--date YYYY-MM-DD] [--check]
// DIR holds one CSV file a project with a row a commit: date, bug, nf, entrophy, la, ld, fix, exp. Without --date the day of the newest
// commit stands in the file. --check compares and writes nothing; exit status 1 for a difference.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { fitLogistic } from '../src/core/learn/bayes-logistic.ts';
import { auc, logLoss, type Label } from '../src/core/learn/measures.ts';
import { referenceOf, zOf } from '../src/core/prediction/feature-scale.ts';
import type { FeatureValues } from '../src/core/prediction/features.ts';

const learned = ['change_size', 'files_changed', 'change_spread', 'fix_share', 'team_experience'] as const;
const target = fileURLToPath(new URL('../src/core/prediction/shipped-prior.ts', import.meta.url));
/** Of each project the oldest part teaches its share of failures and its usual values, the newest part is predicted. */
const oldestShare = 0.7;

interface Commit {
  readonly at: number;
  readonly failed: Label;
  readonly features: FeatureValues;
}

interface Project {
  readonly name: string;
  /** Oldest first. */
  readonly commits: readonly Commit[];
}

interface Coefficient {
  readonly mean: number;
  readonly betweenProjects: number;
  readonly sd: number;
}

const { values: flags } = parseArgs({
  options: { data: { type: 'string' }, date: { type: 'string' }, check: { type: 'boolean', default: false } },
});
if (flags.data === undefined) {
  process.stderr.write('usage: node tools/train-prior.ts --data DIR [--date YYYY-MM-DD] [--check]\n');
  process.exitCode = 2;
} else await main(flags.data);

async function main(folder: string): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv')).sort(); // prettier-ignore
  const hash = createHash('sha256');
  const projects = files.map((name): Project => {
    const text = readFileSync(join(folder, name), 'utf8');
    hash.update(`${name}\0${text}\0`);
    return { name: basename(name, '.csv'), commits: commitsOf(text) };
  });
  const newest = Math.max(...projects.map(({ commits }) => commits.at(-1)!.at));
  const text = await written({
    dataDigest: hash.digest('hex'),
    date: flags.date ?? new Date(newest * 1000).toISOString().slice(0, 10),
    projects,
    coefficients: pooled(projects.map(coefficientsOf)),
    heldOut: projects.map((project) => heldOut(project, projects)),
  });
  if (!flags.check) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') === text) process.stdout.write('the shipped prior is what the data gives\n');
  else {
    process.stderr.write('the shipped prior is not what the data gives: run without --check\n');
    process.exitCode = 1;
  }
}

function commitsOf(text: string): readonly Commit[] {
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const titles = head.split(',');
  return lines
    .map((line, index) => {
      const cells = line.split(',');
      const cell = (title: string): number => {
        const value = Number(cells[titles.indexOf(title)] || NaN);
        if (!Number.isFinite(value)) throw new Error(`row ${index + 2} has no number ${title}`);
        return value;
      };
      const files = cell('nf');
      return {
        at: cell('date'),
        failed: (cell('bug') > 0 ? 1 : 0) as Label,
        features: {
          change_size: cell('la') + cell('ld'),
          files_changed: files,
          change_spread: files < 2 ? 0 : Math.min(1, cell('entrophy') / Math.log2(files)),
          fix_share: cell('fix'),
          team_experience: cell('exp'),
        },
      };
    })
    .sort((a, b) => a.at - b.at);
}

/** Rows of a project in its own spreads, measured on `from`. */
function rowsOf(commits: readonly Commit[], from: readonly Commit[]): number[][] {
  const references = learned.map((id) => referenceOf(id, from.map(({ features }) => features[id]!))!); // prettier-ignore
  return commits.map(({ features }) => learned.map((id, column) => zOf(id, references[column]!, features[id]!)));
}

/** Coefficients of one project and their variances; the intercept comes first. */
function coefficientsOf({ commits }: Project): { mean: readonly number[]; variance: readonly number[] } {
  const rows = rowsOf(commits, commits).map((row) => [1, ...row]);
  const wide = { mean: [0, ...learned.map(() => 0)], sd: [10, ...learned.map(() => 2.5)] };
  const { mean, covariance } = fitLogistic(rows, commits.map(({ failed }) => failed), wide); // prettier-ignore
  return { mean, variance: covariance.map((row, index) => row[index]!) };
}

/**
 * Projects as draws from one population: the spread between them is the variance of their coefficients less the part that is due to few
 * commits (DerSimonian and Laird 1986 with equal weights). A new project lies within that spread and the error of the mean.
 */
function pooled(fits: readonly ReturnType<typeof coefficientsOf>[]): Readonly<Record<string, Coefficient>> {
  return Object.fromEntries(
    learned.map((id, index) => {
      const values = fits.map(({ mean }) => mean[index + 1]!);
      const mean = average(values);
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      const between = Math.max(variance - average(fits.map((fit) => fit.variance[index + 1]!)), 0);
      return [id, { mean, betweenProjects: Math.sqrt(between), sd: Math.sqrt(between + variance / values.length) }];
    }),
  );
}

/** The newest part of a project, ranked by what the others teach. */
function heldOut(project: Project, projects: readonly Project[]) {
  const cut = Math.floor(project.commits.length * oldestShare);
  const [oldest, later] = [project.commits.slice(0, cut), project.commits.slice(cut)];
  const coefficients = pooled(projects.filter((other) => other !== project).map(coefficientsOf));
  const logit = (row: readonly number[]): number =>
    row.reduce((sum, value, index) => sum + value * coefficients[learned[index]!]!.mean, 0);
  const labels = later.map(({ failed }) => failed);
  const rate = average(oldest.map(({ failed }) => failed));
  const intercept = interceptFor(rate, rowsOf(oldest, oldest).map(logit));
  const probabilities = rowsOf(later, oldest).map((row) => logistic(intercept + logit(row)));
  return {
    project: project.name,
    commits: later.length,
    failures: labels.filter((label) => label === 1).length,
    auc: auc(probabilities, labels)!,
    logLoss: logLoss(probabilities, labels)!,
    rateLogLoss: logLoss(Array<number>(labels.length).fill(rate), labels)!,
  };
}

/** The intercept that makes the mean prediction the share that failed. */
function interceptFor(rate: number, logits: readonly number[]): number {
  let [low, high] = [-20, 20];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (average(logits.map((logit) => logistic(middle + logit))) < rate) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

interface Result {
  readonly dataDigest: string;
  readonly date: string;
  readonly projects: readonly Project[];
  readonly coefficients: Readonly<Record<string, Coefficient>>;
  readonly heldOut: readonly ReturnType<typeof heldOut>[];
}

async function written({ dataDigest, date, projects, coefficients, heldOut }: Result): Promise<string> {
  const all = projects.flatMap(({ commits }) => commits);
  const figures = { commits: all.length, failures: all.filter(({ failed }) => failed === 1).length };
  const data = JSON.stringify(
    { dataDigest, date, ...figures, coefficients, heldOut },
    (_, each: unknown) => (typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(4)) : each),
    2,
  );
  const code = `// Made by tools/train-prior.ts; do not edit.
/**
 * What the changes of other projects teach about the chance of failure: change of the log-odds for one spread more of a feature, among
 * commits whose label is a guess (SZZ). \`sd\` is how far a further project is expected from \`mean\`. \`dataDigest\` is the SHA-256 of the
 * files. \`heldOut\`: the newest part of each project, predicted with the coefficients of the other projects and its own earlier share of
 * failures; \`rateLogLoss\` is what that share alone gives.
 */
export const shippedPrior = ${data} as const;
`;
  return format(code, { ...(await resolveConfig(target)), parser: 'typescript' });
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
