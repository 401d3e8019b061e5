import type { Backtest } from '../../../app/backtest.ts';
import type { Quality } from '../../../core/backtest/quality.ts';
import { number } from '../../../core/signal/format.ts';
import type { Chart, ChartSeries, ChartValue } from '../../../ports/chart-renderer.ts';

/** The reliability diagram: forecast chance of failure against the share that failed, in percent, with the share of all as a line. */
export function reliabilityChart({ service, environment, forecasts }: Backtest): Chart {
  const { n, failures, model, shown, notEnough } = forecasts;
  const [byModel, byShown] = [points('model', model), points('shown', shown)];
  const drawn = JSON.stringify(byModel.values) === JSON.stringify(byShown.values) ? [byModel] : [byModel, byShown];
  const highest = Math.max(0, ...drawn.flatMap(({ values }) => values.flatMap(({ x, high = 0 }) => [x, high])));
  const top = Math.min(100, Math.max(10, 10 * Math.ceil(highest / 10)));
  const share = n === 0 ? null : (100 * failures) / n;
  const axis = { domain: [0, top], format: 'percent' } as const;
  const base: readonly ChartSeries[] =
    share === null
      ? []
      : [
          {
            kind: 'line',
            name: `share that failed, ${number(share)}%`,
            values: [
              { x: 0, y: share },
              { x: top, y: share },
            ],
          },
        ];
  return {
    title: `Reliability of forecasts: ${service} in ${environment}, n = ${n}, ${failures} failed`,
    description:
      `${drawn.map(inWords).join(' ')}${notEnough === null ? '' : ` ${notEnough}.`}`.trim() || 'No outcomes.',
    x: { ...axis, label: 'forecast chance of failure' },
    y: { ...axis, label: 'share that failed' },
    series: [{ kind: 'diagonal', name: 'forecast = observed', values: [] }, ...base, ...drawn],
    notes: [
      'Each point is the forecasts of one tenth of the range; whiskers are 95% intervals of what was observed.',
      ...(notEnough === null ? [] : [notEnough]),
    ],
  };
}

function points(name: string, { reliability }: Quality): ChartSeries {
  return {
    kind: 'points',
    name,
    values: reliability.flatMap(({ n, meanPredicted, observed, interval }): readonly ChartValue[] =>
      meanPredicted === null || observed === null || interval === null
        ? []
        : [
            {
              x: 100 * meanPredicted,
              y: 100 * observed,
              low: 100 * interval[0],
              high: 100 * interval[1],
              label: `n = ${number(n)}`,
            },
          ],
    ),
  };
}

function inWords({ name, values }: ChartSeries): string {
  const each = values.map(({ x, y, label }) => `${number(y)}% failed where ${number(x)}% was forecast (${label})`);
  return each.length === 0 ? '' : `${name}: ${each.join(', ')}.`;
}
