import type { Assessment } from '../../../core/decision/assessment.ts';
import { short } from '../../../core/report/encode.ts';
import { formatValue } from '../../../core/report/format-signal.ts';
import { riskWords } from '../../../core/report/present.ts';
import type { Contribution } from '../../../core/risk/assess-risk.ts';
import { dimensions, dimensionTitles } from '../../../core/risk/model.ts';
import { number } from '../../../core/signal/format.ts';
import { metricOf } from '../../../core/signal/metrics.ts';
import { glyph, type Style } from '../style.ts';
import { page } from './page.ts';

const barWidth = 24;

/** The waterfall: each dimension's points as a bar, `detailed` every metric; the points sum to the score. */
export function riskPage(assessment: Assessment, detailed: boolean, style: Style): string {
  const { risk } = assessment;
  const out = page(style);
  out.heading(`Risk of ${short(assessment.service, 60)} ${short(assessment.version, 60)}: ${riskWords(assessment)}`);
  out.rule();
  for (const dimension of dimensions) {
    const { score, weight, points, measured, metrics } = risk.dimensions[dimension];
    const bar = glyph(style, 'bar').repeat(Math.round((barWidth * points) / Math.max(1, 100 * weight)));
    out.line(
      `${dimensionTitles[dimension].padEnd(21)} ${number(points).padStart(5)} of ${number(100 * weight).padStart(3)}  ${bar.padEnd(barWidth)} risk ${number(score)}, ${measured} of ${metrics} measured`,
    );
    if (!detailed) continue;
    for (const entry of risk.contributions.filter((each) => each.dimension === dimension))
      out.line(`    ${metricLine(entry)}`);
  }
  out.line(`${'Sum'.padEnd(21)} ${number(risk.overallRisk).padStart(5)} of 100`);
  const top = [...risk.contributions]
    .filter((entry) => entry.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, 3);
  if (top.length > 0) {
    out.line();
    out.field(
      'Largest:',
      top
        .map(
          (entry) =>
            `${entry.metric} ${number(entry.points)}${entry.state === 'measured' ? '' : ` (${entry.state}, charged by its prior)`}`,
        )
        .join(', '),
    );
  }
  if (risk.settledBy.length > 0)
    out.field(
      'Would settle most:',
      risk.settledBy
        .slice(0, 5)
        .map(({ metric, points }) => `${metric} (${number(points)})`)
        .join(', '),
    );
  return out.text();
}

function metricLine(entry: Contribution): string {
  const value = entry.value === null ? entry.state : formatValue(entry.value, metricOf(entry.metric).unit);
  const note = entry.state === 'measured' ? '' : `, prior; 0 to ${number(entry.worstPoints)} points`;
  const shadowed = entry.points === 0 && entry.risk > 0 ? ` (the worst of its group "${entry.group}" counts)` : '';
  return `${entry.metric.padEnd(20)} ${number(entry.points).padStart(5)}  ${value}, risk ${number(entry.risk)}${note}${shadowed}`;
}
