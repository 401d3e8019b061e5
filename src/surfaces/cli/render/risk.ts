import type { Assessment } from '../../../core/decision/assessment.ts';
import { short } from '../../../core/report/encode.ts';
import { formatSignal } from '../../../core/report/format-signal.ts';
import { riskWords } from '../../../core/report/present.ts';
import type { Contribution } from '../../../core/risk/assess-risk.ts';
import { dimensions, dimensionTitles } from '../../../core/risk/model.ts';
import { number } from '../../../core/signal/format.ts';
import { glyph, type Style } from '../style.ts';
import { outlookFields } from './outlook.ts';
import { page } from './page.ts';

const barWidth = 16;

/** The waterfall: each dimension's points as a bar, `detailed` every metric; the points sum to the score. */
export function riskPage(assessment: Assessment, detailed: boolean, style: Style): string {
  const { risk } = assessment;
  const out = page(style);
  out.heading(`Risk of ${short(assessment.service, 60)} ${short(assessment.version, 60)}: ${riskWords(assessment)}`);
  out.rule();
  outlookFields(out, assessment);
  out.line();
  if (risk === null) return out.text();
  for (const dimension of dimensions) {
    const { score, weight, points, measured, metrics } = risk.dimensions[dimension];
    const bar = glyph(style, 'bar').repeat(Math.round((barWidth * points) / Math.max(1, 100 * weight)));
    out.line(
      `${dimensionTitles[dimension].padEnd(21)} ${number(points).padStart(5)} of ${number(100 * weight).padStart(3)}  ${bar.padEnd(barWidth)} risk ${number(score)}, ${measured}/${metrics} measured`,
    );
    if (!detailed) continue;
    for (const entry of risk.contributions.filter((each) => each.dimension === dimension))
      out.line(`    ${metricLine(entry, assessment)}`);
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

function metricLine(entry: Contribution, { signals }: Pick<Assessment, 'signals'>): string {
  const result = signals[entry.metric];
  const value = result.state === 'measured' ? formatSignal(result.signal) : entry.state;
  if (entry.state === 'not-applicable') return `${entry.metric.padEnd(20)} ${'0'.padStart(5)}  not applicable`;
  const note = entry.state === 'measured' ? '' : `, prior; 0 to ${number(entry.worstPoints)} points`;
  const shadowed = entry.points === 0 && entry.risk > 0 ? ` (the worst of its group "${entry.group}" counts)` : '';
  return `${entry.metric.padEnd(20)} ${number(entry.points).padStart(5)}  ${value}, risk ${number(entry.risk)}${note}${shadowed}`;
}
