import type { Confidence, Contribution, LearnedFrom, RollbackPrediction } from '../prediction/prediction.ts';
import { featureOf } from '../prediction/features.ts';
import { number, plural } from '../signal/format.ts';

/** `94.2%`; never 0 or 100, which a probability is not. */
export function percentWords(percent: number): string {
  if (percent < 0.05) return 'below 0.1%';
  if (percent > 99.95) return 'above 99.9%';
  return `${number(percent)}%`;
}

/** `94.2% (VERY HIGH), 95% interval 91.5% to 96.8%, certainty HIGH; model of 156 deployments, 12 failed`, or that there is nothing to say it from. */
export function confidenceWords({ score, level, confidenceInterval, certainty, learnedFrom }: Confidence): string {
  const [low, high] = confidenceInterval;
  const interval = `95% interval ${percentWords(low)} to ${percentWords(high)}`;
  if (learnedFrom.shows === 'prior')
    return `${expectedWords(score, learnedFrom)} (${interval}), certainty ${certainty}`;
  return `${percentWords(score)} (${level.replace('_', ' ')}), ${interval}, certainty ${certainty}; ${basisWords(learnedFrom)}`;
}

/** `8.2% (LOW), raised by change size, outside working hours`, or that there is nothing to say it from. */
export function rollbackWords({ probability, riskLevel, topRiskFactors, learnedFrom }: RollbackPrediction): string {
  if (learnedFrom.shows === 'prior') return expectedWords(probability, learnedFrom);
  const raised = topRiskFactors.slice(0, 3).map(({ title }) => title.toLowerCase());
  const why = raised.length > 0 ? `, raised by ${raised.join(', ')}` : '';
  return `${percentWords(probability)} (${riskLevel})${why}; ${basisWords(learnedFrom)}`;
}

/** Nobody measured it, and it says so first. */
function expectedWords(percent: number, { inferred }: LearnedFrom): string {
  const moved = inferred > 0 ? `, moved by ${plural(inferred, 'inferred outcome')},` : '';
  return `not enough outcomes (n = 0); the prior${moved} expects ${percentWords(percent)}`;
}

/** `80% of releases succeeded so far; this one is expected 3.1 percentage points above that`. */
export function averageWords({
  averageSuccessRate,
  percentageImprovement,
}: NonNullable<Confidence['comparisonToBaseline']>): string {
  // A share of all that there were may well be 0 or 100, unlike a chance.
  const average = `${number(averageSuccessRate)}% of releases succeeded so far`;
  const points = number(Math.abs(percentageImprovement));
  if (points === '0') return `${average}; this one is in line with that`;
  return `${average}; this one is expected ${points} percentage points ${percentageImprovement > 0 ? 'above' : 'below'} that`;
}

/** What a figure was learned from, and where a guess had a part in it; not for what only the prior expects. */
function basisWords({ shows, deployments, failures, inferred }: LearnedFrom): string {
  const guessed = inferred > 0 ? `; ${plural(inferred, 'inferred outcome')} moved what is expected beforehand` : '';
  const name = shows === 'model' ? 'model' : 'base rate, since the model does not beat it,';
  return `${name} of ${plural(deployments, 'deployment')}, ${number(failures)} failed${guessed}`;
}

/** `Change size 1,204 lines (usual 310): +0.62`. */
export function contributionWords({ feature, title, value, usual, logOdds }: Contribution): string {
  const { unit } = featureOf(feature);
  const shown = (amount: number): string => {
    if (unit === 'yes-no') return amount > 0.5 ? 'yes' : 'no';
    if (unit === 'share') return `${number(100 * amount)}%`;
    if (unit === '%') return `${number(amount)}%`;
    const text = number(amount);
    if (unit === 'count') return text;
    return `${text} ${text === '1' ? unit.replace(/s$/, '') : unit.replace('-', ' ')}`;
  };
  const compared = usual === null ? '' : ` (usual ${shown(usual)})`;
  return `${title} ${value === null ? 'not known' : shown(value)}${compared}: ${signed(logOdds)}`;
}

function signed(amount: number): string {
  const text = number(amount, 2);
  return amount > 0 && text !== '0' ? `+${text}` : text;
}
