// npm run bench -- models --data DIR: the learners on real changes, next to scikit-learn on the same rows.
import { averageOfThree, boostingOnly, splineOnly, type LearnerSettings } from '../src/core/learn/release-learner.ts';
import { seededChance } from '../test/support/seeded-chance.ts';
import { readProjects, schema, trainedOn, UnusableData, type Project } from './models-data.ts';
import { bootstrapAuc, figuresOf, meansOf, type ModelFigures } from './models-figures.ts';
import { peerRuns, type PeerRuns } from './models-peers.ts';
import { frozen, linesAdded, walkForward, type Run } from './models-regimes.ts';
import { jsonOf, textOf, type Bar, type Comparison, type Outcome } from './models-report.ts';

const learners: readonly (readonly [string, LearnerSettings])[] = [
  ['aqe', averageOfThree],
  ['aqe-logistic', splineOnly],
  ['aqe-boosting', boostingOnly],
];
const draws = 400;

/** Prints the figures of every *.csv in the folder. The answer is the exit code: 0, 1 for a bar that is missed, 2 for what cannot be run. */
export function runModels(folder: string | undefined, format: string): number {
  if (folder === undefined) {
    process.stderr.write(
      'models needs --data DIR, a folder of *.csv with one change a line; see docs/explain/models.md\n',
    );
    return 2;
  }
  try {
    const outcome = measured(readProjects(folder));
    process.stdout.write(format === 'json' ? jsonOf(outcome) : textOf(outcome));
    return outcome.bars.every(({ met }) => met) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UnusableData)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function measured(projects: readonly Project[]): Outcome {
  const cutOf = ({ rows }: Project): number => trainedOn(rows.length);
  const labelsOf = (project: Project) => project.labels.slice(cutOf(project));
  const ours = projects.map((project) => runsOf(project, cutOf(project)));
  const peers = peerRuns(projects, cutOf);
  if (peers === null)
    process.stderr.write(
      'PEERS SKIPPED: no python3 here imports sklearn (on Debian: python3-sklearn), so nothing is compared with it\n',
    );
  const figures = projects.flatMap((project, at) => {
    const frozenRuns = { ...ours[at]!.frozen, ...peers?.[at] };
    const of = (regime: ModelFigures['regime'], runs: Readonly<Record<string, Run>>) =>
      Object.entries(runs).map(([model, run]) =>
        figuresOf({ project: project.name, model, regime }, run, labelsOf(project)),
      );
    return [...of('frozen', frozenRuns), ...of('walk-forward', ours[at]!.walkForward)];
  });
  const means = meansOf(figures);
  const comparison = peers && comparedWithBest(projects.map(labelsOf), ours, peers, means);
  return { figures: [...figures, ...means], comparison, bars: barsOf(means, comparison), projects: projects.length };
}

interface OwnRuns {
  readonly frozen: Readonly<Record<string, Run>>;
  readonly walkForward: Readonly<Record<string, Run>>;
}

function runsOf(project: Project, cut: number): OwnRuns {
  const all = learners.map(([name, settings]) => [name, frozen(project, cut, schema, settings)] as const);
  return {
    frozen: { ...Object.fromEntries(all), 'lines-added': linesAdded(project, cut) },
    walkForward: { aqe: walkForward(project, cut, schema, averageOfThree) },
  };
}

/** Our learner against the peer of the highest mean AUC. */
function comparedWithBest(
  labels: readonly (readonly (0 | 1)[])[],
  ours: readonly OwnRuns[],
  peers: NonNullable<PeerRuns>,
  means: readonly ModelFigures[],
): Comparison {
  const best = means.filter(({ model }) => model.startsWith('sklearn-')).toSorted((a, b) => b.auc - a.auc)[0]!.model;
  const pairs = labels.map((own, at) => ({
    labels: own,
    ours: ours[at]!.frozen['aqe']!.probabilities,
    theirs: peers[at]![best]!.probabilities,
  }));
  return { peer: best, draws, ...bootstrapAuc(pairs, draws, seededChance(1).below) };
}

/** Set for six open-source projects (docs/explain/models.md); held against whatever data is given. */
function barsOf(means: readonly ModelFigures[], comparison: Comparison | null): readonly Bar[] {
  const aqe = (regime: ModelFigures['regime']) => means.find((mean) => mean.model === 'aqe' && mean.regime === regime)!;
  const atLeast = (name: string, value: number, bar: number): Bar => ({
    name,
    value,
    bar,
    sign: '≥',
    met: value >= bar,
  });
  const atMost = (name: string, value: number, bar: number): Bar => ({
    name,
    value,
    bar,
    sign: '≤',
    met: value <= bar,
  });
  return [
    atLeast('AUC, frozen', aqe('frozen').auc, 0.754),
    atMost('Brier score, frozen', aqe('frozen').brier, 0.149),
    atMost('calibration error (ECE), walk-forward', aqe('walk-forward').ece, 0.02),
    ...(comparison
      ? [{ name: `AUC − ${comparison.peer}, lower`, value: comparison.lower, bar: -0.004, sign: '>', met: comparison.lower > -0.004 } as const] // prettier-ignore
      : []),
  ];
}
