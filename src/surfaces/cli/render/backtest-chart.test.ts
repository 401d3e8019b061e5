import { expect, test } from 'vitest';
import type { Backtest } from '../../../app/backtest.ts';
import { recordOf } from '../../../core/backtest/forecasts.ts';
import type { Forecast } from '../../../core/prediction/walk-forward.ts';
import { reliabilityChart } from './backtest-chart.ts';

const forecast = (index: number, probability: number, failed: boolean, shown = probability): Forecast => ({
  version: `v${index}`,
  deployment: `d${index}`,
  deployedAt: '2026-03-01T10:00:00.000Z',
  outcome: failed ? 'failed' : 'success',
  probability,
  baseRate: 0.2,
  rollbackProbability: 0.1,
  shown,
  known: index,
});
const chartOf = (forecasts: readonly Forecast[]) =>
  reliabilityChart({ service: 'shop', environment: 'production', forecasts: recordOf(forecasts, 5) } as Backtest);
/** Eight at 10% of which one failed, two at 42 % of which one failed. */
const ten = Array.from({ length: 10 }, (_, index) =>
  forecast(index, index < 8 ? 0.1 : 0.42, index === 0 || index === 9),
);

test('a reliability diagram has a point a bin, in percent, labelled with how many it is', () => {
  const { series, x, y, title, notes } = chartOf(ten);

  expect(title).toBe('Reliability of forecasts: shop in production, n = 10, 2 failed');
  expect(series.map(({ kind, name }) => [kind, name])).toEqual([
    ['diagonal', 'forecast = observed'],
    ['line', 'share that failed, 20%'],
    ['points', 'model'],
  ]);
  expect(series[1]!.values.map((value) => value.y)).toEqual([20, 20]);
  const [low, high] = series[2]!.values;
  expect(low).toMatchObject({ y: 12.5, label: 'n = 8' });
  expect(low!.x).toBeCloseTo(10, 10);
  expect(low!.low).toBeCloseTo(2.242, 2);
  expect(low!.high).toBeCloseTo(47.087, 2);
  expect(high).toMatchObject({ x: 42, y: 50, label: 'n = 2' });
  expect(x.domain).toEqual(y.domain);
  expect(x.domain).toEqual([0, 100]);
  expect(notes).toHaveLength(1);
});

test('what was shown is drawn where it is not what the model says', () => {
  const { series } = chartOf(ten.map((each) => ({ ...each, shown: 0.25 })));

  expect(series.at(-1)).toMatchObject({ kind: 'points', name: 'shown', values: [{ x: 25, y: 20, label: 'n = 10' }] });
});

test('without outcomes there is a diagram without points, which says why', () => {
  const { series, description, notes } = chartOf([]);

  expect(series.map(({ kind }) => kind)).toEqual(['diagonal', 'points']);
  expect(description).toBe('not enough outcomes (n = 0, 0 failed).');
  expect(notes.at(-1)).toBe('not enough outcomes (n = 0, 0 failed)');
});
