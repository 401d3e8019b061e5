import { recordWords, windowWords } from '../core/report/history-words.ts';
import { number } from '../core/signal/format.ts';
import type { Chart, ChartValue } from '../ports/chart-renderer.ts';
import type { TrendBucket } from '../core/history/trend.ts';
import type { DecisionHistory } from './decision-history.ts';

const titles = { week: 'Week from', month: 'Month from', year: 'Year from' } as const;
const spanMs = { week: 7 * 86_400_000, month: 30 * 86_400_000, year: 365 * 86_400_000 } as const;

/** Deployments and failures over time as a picture; `subject` is `shop in production`. */
export function historyChart(history: DecisionHistory, subject: string): Chart {
  const { by, buckets } = history.trend;
  const x = ({ start }: TrendBucket): number => Date.parse(start);
  const end = Date.parse(history.to);
  const margin = spanMs[by] * 0.6;
  const most = buckets.reduce((max, { deployments }) => Math.max(max, deployments), 1);
  const deployed = buckets.map((bucket): ChartValue => ({ x: x(bucket), y: bucket.deployments, ...labelOf(bucket) }));
  const failures = buckets.map((bucket): ChartValue => ({ x: x(bucket), y: bucket.failures.count }));
  const failed = buckets.reduce((sum, { failures }) => sum + failures.count, 0);
  return {
    title: `Deployments of ${subject}`,
    description: `${windowWords(history)}; ${number(failed)} failed. ${buckets.length === 0 ? '' : `One bar a ${by}, and in it one for those that failed.`}`,
    x: {
      label: `${titles[by]}, UTC`,
      domain: [
        (buckets[0] ? x(buckets[0]) : Date.parse(history.from)) - margin,
        (buckets.at(-1) ? x(buckets.at(-1)!) : end) + margin,
      ],
      format: 'time',
    },
    // Room for the number over the highest bar.
    y: { label: 'Deployments', domain: [0, 1.1 * most], format: 'number' },
    series: [
      { kind: 'bars', name: 'Deployments', values: deployed },
      { kind: 'bars', name: 'Failed, as observed', values: failures },
    ],
    notes: [
      `${windowWords(history)}. Over a bar: deployments / failed.`,
      ...recordWords(history).map(([label, words]) => `${label}: ${words}`),
    ],
  };
}

function labelOf({ deployments, failures }: TrendBucket): Pick<ChartValue, 'label'> {
  if (deployments === 0) return {};
  return { label: failures.count === 0 ? number(deployments) : `${number(deployments)} / ${number(failures.count)}` };
}
