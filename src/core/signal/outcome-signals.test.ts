import { expect, test } from 'vitest';
import { deploymentOf, goodSignals, learnedFrom } from '../../../test/support/arbitraries.ts';
import type { Deployment } from '../history/outcome.ts';
import { outlookOf } from '../prediction/outlook.ts';
import { withOutcomes } from './outcome-signals.ts';
import type { SignalSet } from './signal.ts';

const now = '2026-03-01T12:00:00.000Z';

function signalsAfter(deployments: readonly Deployment[]): SignalSet {
  const outlook = outlookOf(learnedFrom(deployments, now), 'v9.0.0', {
    change: null,
    signals: goodSignals(),
    localTime: { weekday: 'Sunday', hour: 12 },
    now,
    settings: { workingHours: { from: 9, to: 17 } },
  });
  return withOutcomes(goodSignals(), outlook);
}

/** One a day, the newest yesterday. */
function history(outcomes: readonly Deployment['outcome'][], over: Partial<Deployment> = {}): readonly Deployment[] {
  return outcomes.map((outcome, index) =>
    deploymentOf({
      version: `v1.${index}.0`,
      outcome,
      deployedAt: new Date(Date.parse(now) - (outcomes.length - index) * 86_400_000).toISOString(),
      ...over,
    }),
  );
}

const metrics = ['failure_rate', 'rollback_frequency', 'confidence_lower_bound', 'rollback_probability'] as const;

test('four outcomes measure nothing, five do', () => {
  const four = signalsAfter(history(['success', 'success', 'failed', 'success']));
  const five = signalsAfter(history(['success', 'success', 'failed', 'success', 'rolled-back']));

  expect(metrics.map((metric) => four[metric].state)).toEqual(metrics.map(() => 'missing'));
  expect(four.failure_rate).toMatchObject({ reason: expect.stringContaining('n = 4') });
  expect(metrics.map((metric) => five[metric].state)).toEqual(metrics.map(() => 'measured'));
  expect(five.failure_rate).toMatchObject({ signal: { value: 40, exact: { part: 2, whole: 5 } } });
  expect(five.rollback_frequency).toMatchObject({ signal: { value: 20 } });
});

test('pending and inferred outcomes measure nothing', () => {
  const pending = signalsAfter(history(Array(8).fill('pending')));
  const inferred = signalsAfter(history(Array(8).fill('success'), { basis: 'inferred' }));

  for (const signals of [pending, inferred])
    expect(metrics.map((metric) => signals[metric].state)).toEqual(metrics.map(() => 'missing'));
});

test('where nothing failed there is nothing to restore', () => {
  const signals = signalsAfter(history(Array(6).fill('success')));

  expect(signals.mttr).toMatchObject({ state: 'not-applicable' });
});

test('failures that nobody said the end of leave the time to restore missing', () => {
  const signals = signalsAfter(history(Array(6).fill('failed')));

  expect(signals.mttr).toMatchObject({ state: 'missing', reason: expect.stringContaining('0 say') });
});

test('five recoveries give their mean', () => {
  const failures = history(Array(6).fill('failed')).map((each, index) => {
    const recoveredAt = new Date(Date.parse(each.deployedAt) + (index + 1) * 3_600_000).toISOString();
    return { ...each, facts: { recoveredAt } };
  });

  // (1 + 2 + 3 + 4 + 5 + 6) ÷ 6
  expect(signalsAfter(failures).mttr).toMatchObject({ state: 'measured', signal: { value: 3.5 } });
});

test('the bound and the chance are those of the outlook', () => {
  const deployments = history(['success', 'success', 'failed', 'success', 'rolled-back', 'success']);
  const { confidence, rollbackPrediction } = outlookOf(learnedFrom(deployments, now), 'v9.0.0', {
    change: null,
    signals: goodSignals(),
    localTime: { weekday: 'Sunday', hour: 12 },
    now,
    settings: { workingHours: { from: 9, to: 17 } },
  });

  const signals = signalsAfter(deployments);

  expect(signals.confidence_lower_bound).toMatchObject({ signal: { value: confidence.confidenceInterval[0] } });
  expect(signals.rollback_probability).toMatchObject({ signal: { value: rollbackPrediction.probability } });
});
