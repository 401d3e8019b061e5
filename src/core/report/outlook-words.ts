import type { Confidence, Contribution, LearnedFrom, RollbackPrediction } from '../prediction/prediction.ts';
import { featureOf } from '../prediction/features.ts';
import { number, plural } from '../signal/format.ts';

/** `94.2%`; never 0 or 100, which a probability is not. */
export function percentWords(percent: number): string {
  if (percent < 0.05) return 'below 0.1%';
  if (percent > 99.95) return 'above 99.9%';
  return `${number(percent)}%`;
}

/** `94.2% (VERY HIGH), 95% interval 91.5% to 96.8%, certainty HIGH; model of 156 deployments, 12 failed`. */
export function confidenceWords({ score, level, confidenceInterval, certainty, learnedFrom }: Confidence): string {
  const grade = learnedFrom.shows === 'prior' ? 'expected before any outcome is recorded' : level.replace('_', ' ');
  const [low, high] = confidenceInterval;
  const interval = `95% interval ${percentWords(low)} to ${percentWords(high)}`;
  return `${percentWords(score)} (${grade}), ${interval}, certainty ${certainty}; ${basisWords(learnedFrom)}`;
}

/** `8.2% (LOW), raised by change size, outside working hours`, or that there is nothing to say it from. */
export function rollbackWords({ probability, riskLevel, topRiskFactors, learnedFrom }: RollbackPrediction): string {
  if (learnedFrom.shows === 'prior')
    return `not enough outcomes (n = 0); ${percentWords(probability)} is what the prior expects`;
  const raised = topRiskFactors.slice(0, 3).map(({ title }) => title.toLowerCase());
  const why = raised.length > 0 ? `, raised by ${raised.join(', ')}` : '';
  return `${percentWords(probability)} (${riskLevel})${why}; ${basisWords(learnedFrom)}`;
}

/** What a figure was learned from, and where a guess had a part in it. */
function basisWords({ shows, deployments, failures, inferred }: LearnedFrom): string {
  const guessed = inferred > 0 ? `; its expected rate is inferred from ${plural(inferred, 'release')} in git` : '';
  if (shows === 'prior') return `prior only (n = 0)${guessed}`;
  const name = shows === 'model' ? 'model' : 'base rate, since the model does not beat it,';
  return `${name} of ${plural(deployments, 'deployment')}, ${number(failures)} failed${guessed}`;
}

/** `Change size 1,204 lines (usual 310): +0.62`. */
export function contributionWords({ feature, title, value, usual, logOdds }: Contribution): string {
  const { unit } = featureOf(feature);
  const shown = (amount: number): string => {
    if (unit === 'yes-no') return amount > 0.5 ? 'yes' : 'no';
    if (unit === 'share') return `${number(100 * amount)}%`;
    return unit === '%' ? `${number(amount)}%` : unit === 'count' ? number(amount) : `${number(amount)} ${unit}`;
  };
  const compared = usual === null ? '' : ` (usual ${shown(usual)})`;
  return `${title} ${value === null ? 'not known' : shown(value)}${compared}: ${signed(logOdds)}`;
}

function signed(amount: number): string {
  const text = number(amount, 2);
  return amount > 0 && text !== '0' ? `+${text}` : text;
}
