import type { Stability } from '../history/dora.ts';
import { stabilityDays, type Outlook } from '../prediction/outlook.ts';
import { number } from './format.ts';
import type { MetricId } from './metrics.ts';
import type { MetricResult, Signal, SignalSet } from './signal.ts';
import { ratioSignal } from './sourced.ts';

/** Deployments with a known outcome below which no share and no probability counts as measured. */
const enoughOutcomes = 5;

const sources = ['outcomes'];

/** The signals with what recorded outcomes say in place. Below five of them a figure is missing, whatever the prior expects. */
export function withOutcomes(signals: SignalSet, figures: Outlook): SignalSet {
  const results: readonly MetricResult[] = [...stabilityResults(figures.stability), ...predictionResults(figures)];
  return { ...signals, ...Object.fromEntries(results.map((result) => [result.metric, result])) };
}

function stabilityResults(stability: Stability): readonly MetricResult[] {
  const { n, failed, rolledBack } = stability;
  const few = notEnough(n, `deployments of the last ${stabilityDays} days`);
  const share = (metric: MetricId, part: number, words: string): MetricResult =>
    few
      ? missing(metric, few)
      : measured(
          ratioSignal(
            metric,
            { part, whole: n },
            sources,
            `${number(part)} of ${number(n)} deployments ${words} in ${stabilityDays} days`,
          ),
        );
  return [
    share('failure_rate', failed, 'failed'),
    share('rollback_frequency', rolledBack, 'were rolled back'),
    recoveryResult(stability, few),
    missing('incident_count', 'incidents are not recorded, only outcomes of deployments'),
  ];
}

function recoveryResult({ failed, recoveries, meanHoursToRecover }: Stability, few: string | null): MetricResult {
  if (meanHoursToRecover !== null)
    return measured(
      value('mttr', meanHoursToRecover, `mean of ${number(recoveries)} recoveries in ${stabilityDays} days`),
    );
  if (few) return missing('mttr', few);
  if (failed > 0)
    return missing(
      'mttr',
      `of ${number(failed)} failures ${number(recoveries)} say when it was well again, ${enoughOutcomes} are needed`,
    );
  const reason = `no deployment failed in ${stabilityDays} days`;
  return { metric: 'mttr', state: 'not-applicable', reason, sources };
}

function predictionResults({ confidence, rollbackPrediction }: Outlook): readonly MetricResult[] {
  const { deployments, shows } = confidence.learnedFrom;
  const few = notEnough(deployments, 'deployments to learn from');
  const from = `${shows === 'base-rate' ? 'the base rate' : 'the model'} of ${number(deployments)} deployments`;
  const result = (metric: MetricId, percent: number, words: string): MetricResult =>
    few ? missing(metric, few) : measured(value(metric, percent, `${words}, ${from}`));
  return [
    result('confidence_lower_bound', confidence.confidenceInterval[0], 'lower end of the 95% interval'),
    result('rollback_probability', rollbackPrediction.probability, 'chance of a rollback'),
  ];
}

function notEnough(n: number, of: string): string | null {
  return n < enoughOutcomes ? `not enough outcomes (n = ${n} ${of}, ${enoughOutcomes} are needed)` : null;
}

function value(metric: MetricId, amount: number, basis: string): Signal {
  return { metric, value: amount, exact: null, bound: 'exact', sources, basis };
}

function measured(signal: Signal): MetricResult {
  return { metric: signal.metric, state: 'measured', signal };
}

function missing(metric: MetricId, reason: string): MetricResult {
  return { metric, state: 'missing', reason, sources: [] };
}
