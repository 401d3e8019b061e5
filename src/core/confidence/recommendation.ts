import type { Confidence, LearnedFrom } from '../prediction/prediction.ts';
import { counted } from '../prediction/words.ts';

type Known = Pick<Confidence, 'level' | 'confidenceInterval' | 'certainty' | 'comparisonToBaseline'>;

/**
 * One sentence that starts with DEPLOY, DEPLOY WITH MONITORING or HOLD. It goes by where the interval lies: against even odds, and against
 * the average of this team. A plain DEPLOY takes a high chance and more than a low certainty.
 */
export function recommendationFor(known: Known, { deployments }: Pick<LearnedFrom, 'deployments'>): string {
  const { level, certainty, comparisonToBaseline, confidenceInterval } = known;
  const high = level === 'VERY_HIGH' || level === 'HIGH';
  if (level === 'VERY_LOW') return 'HOLD - failure is more likely than success';
  if (level === 'LOW') return 'HOLD - the chance of success is low';
  if (comparisonToBaseline === null)
    return 'DEPLOY WITH MONITORING - nothing is known yet of how releases of this service end';
  const { averageSuccessRate } = comparisonToBaseline;
  const average = `the average of ${counted(deployments, 'deployment')}`;
  if (confidenceInterval[1] < averageSuccessRate)
    return `${high ? 'DEPLOY WITH MONITORING' : 'HOLD'} - even the upper end of the interval is below ${average}`;
  if (!high) return 'DEPLOY WITH MONITORING - the chance of success is moderate';
  if (certainty === 'LOW')
    return `DEPLOY WITH MONITORING - the chance of success looks high, but ${counted(deployments, 'deployment')} cannot tell for sure`;
  if (confidenceInterval[0] > averageSuccessRate)
    return `DEPLOY - even the lower end of the interval is above ${average}`;
  return `DEPLOY - in line with ${average}`;
}
