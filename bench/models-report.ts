import { measureNames, type AucDifference, type ModelFigures } from './models-figures.ts';

/** Our learner against one peer, on rows drawn again. */
export interface Comparison extends AucDifference {
  readonly peer: string;
  readonly draws: number;
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly bar: number;
  readonly sign: '≥' | '≤' | '>';
  readonly met: boolean;
}

export interface Outcome {
  readonly figures: readonly ModelFigures[];
  /** Null without peers. */
  readonly comparison: Comparison | null;
  readonly bars: readonly Bar[];
  readonly projects: number;
}

/** One figure a line: projects, their mean, the comparison. */
export function jsonOf({ figures, comparison }: Outcome): string {
  const lines: readonly object[] = [
    ...figures.map((own) => {
      const { project, model, regime } = own;
      return { project, model, regime, ...Object.fromEntries(measureNames.map((name) => [name, own[name]])) };
    }),
    ...(comparison ? [comparisonLine(comparison)] : []),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function comparisonLine({ peer, dAuc, lower, upper, draws }: Comparison): object {
  return { project: 'mean', model: `aqe - ${peer}`, regime: 'bootstrap', dAuc, lower, upper, draws };
}

export function textOf({ figures, comparison, bars, projects }: Outcome): string {
  const head = ['project', 'model', 'regime', 'AUC', 'PR-AUC', 'Brier', 'logloss', 'ECE', 'top 5 %', 'top 10 %', 'train ms', 'us/row']; // prettier-ignore
  const rows = figures.map((own) => [
    own.project,
    own.model,
    own.regime,
    ...measureNames.map((name) => own[name].toFixed(name === 'trainMs' || name === 'predictUs' ? 0 : 4)),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const lined = [head, ...rows].map((row) =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const compared = comparison
    ? `\nAUC of aqe − ${comparison.peer}, mean of ${projects}: ${signed(comparison.dAuc)} [${signed(comparison.lower)}, ${signed(comparison.upper)}] (95 %, rows drawn again ${comparison.draws} times)\n`
    : '\npeers skipped: no scikit-learn here\n';
  const verdicts = bars.map(
    ({ name, value, bar, sign, met }) =>
      `${met ? 'pass' : 'FAIL'}  ${name.padEnd(46)} ${value.toFixed(4)} ${sign} ${bar}\n`,
  );
  return `${lined.join('\n')}\n${compared}\nBars are those of the six projects of docs/explain/models.md, whatever the data:\n${verdicts.join('')}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
