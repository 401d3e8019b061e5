import type { Assessment } from '../../../core/decision/assessment.ts';
import {
  averageWords,
  confidenceWords,
  contributionWords,
  percentWords,
  rollbackWords,
} from '../../../core/report/outlook-words.ts';
import { short } from '../../../core/report/encode.ts';
import { number, plural } from '../../../core/signal/format.ts';
import type { Style, Tone } from '../style.ts';
import { page, type Page } from './page.ts';

type Predicted = Pick<Assessment, 'confidence' | 'rollbackPrediction'>;

/** The two lines that every page of a release has. */
export function outlookFields(out: Page, { confidence, rollbackPrediction }: Predicted): void {
  out.field('Release Confidence:', confidenceWords(confidence), confidenceTone(confidence));
  out.field('Rollback Risk:', rollbackWords(rollbackPrediction), rollbackTone(rollbackPrediction));
  if (confidence.learnedFrom.drift) out.field('Drift:', confidence.learnedFrom.drift, 'warn');
}

function confidenceTone({ level, certainty }: Assessment['confidence']): Tone {
  if (certainty === 'LOW') return 'unknown';
  return level === 'VERY_HIGH' || level === 'HIGH' ? 'good' : level === 'MEDIUM' ? 'warn' : 'bad';
}

function rollbackTone({ riskLevel, learnedFrom }: Assessment['rollbackPrediction']): Tone {
  if (learnedFrom.shows === 'prior') return 'unknown';
  return riskLevel === 'LOW' ? 'good' : riskLevel === 'MEDIUM' ? 'warn' : 'bad';
}

/** What moves the chance of this release, and what would lower it; nothing where every release has the same. */
export function drivers(out: Page, { confidence, rollbackPrediction }: Predicted, most: number): void {
  const moving = confidence.contributions.filter(({ logOdds }) => logOdds !== 0);
  if (moving.length === 0) return;
  out.line();
  const believed = confidence.learnedFrom.shows === 'prior' ? ', by belief until there are outcomes' : '';
  out.heading(`What moves the chance (log-odds of failure${believed})`);
  const shown = moving.slice(0, most);
  for (const contribution of shown)
    out.mark(contribution.logOdds > 0 ? 'warn' : 'pass', contributionWords(contribution));
  // Advice about a feature that the list does not name would hang in the air.
  const named = new Set(shown.map(({ feature }) => feature));
  for (const { feature, action } of rollbackPrediction.mitigation)
    if (feature === null || named.has(feature)) out.mark('dot', action);
}

/** The page of `confidence`. */
export function confidencePage(
  assessment: Pick<Assessment, 'service' | 'version' | 'environment' | 'confidence' | 'rollbackPrediction'>,
  style: Style,
): string {
  const { confidence, rollbackPrediction, service, version, environment } = assessment;
  const { learnedFrom, basedOn, comparisonToBaseline: compared } = confidence;
  const { shareOfFailures, historicalComparison, interval } = rollbackPrediction;
  const out = page(style);
  out.heading(`Outlook of ${short(service, 60)} ${short(version, 60)} to ${short(environment, 40)}`);
  out.rule();
  outlookFields(out, assessment);
  out.field('Rollback interval:', `${percentWords(interval[0])} to ${percentWords(interval[1])}`);
  out.field('Recommendation:', confidence.recommendation);
  if (compared) out.field('Against usual:', averageWords(compared));
  out.field(
    'Based on:',
    `${plural(basedOn.historicalDeployments, 'deployment')} with a known outcome, ${number(basedOn.failures)} failed${basedOn.timeWindow ? `, ${basedOn.timeWindow.replaceAll('_', ' ')}` : ''}`,
  );
  out.field(
    'Rolled back:',
    `${number(shareOfFailures.rolledBack)} of ${plural(shareOfFailures.failures, 'failure')}; ${percentWords(shareOfFailures.percent)} with the prior`,
  );
  out.field('Why this figure:', learnedFrom.because);
  out.field('Model:', `${learnedFrom.modelVersion}, trained on ${learnedFrom.trainingDigest.slice(0, 12)}`);
  drivers(out, assessment, 13);
  if (historicalComparison.similar.length > 0) {
    out.line();
    out.heading(`Releases that looked like this one (${basedOn.similarReleases}; an explanation, not counted again)`);
    for (const { version: past, deployedAt, outcome, distance } of historicalComparison.similar)
      out.mark(
        outcome === 'success' ? 'pass' : 'fail',
        `${short(past, 60)}, ${deployedAt.slice(0, 10)}: ${outcome}, distance ${number(distance, 2)}`,
      );
  }
  return out.text();
}
