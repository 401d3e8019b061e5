import type { Comparison } from '../../../core/compare/compare-releases.ts';
import { comparisonSections, type ComparisonSection } from '../../../core/report/comparison-words.ts';
import { short } from '../../../core/report/encode.ts';
import type { Glyph, Style } from '../style.ts';
import { page } from './page.ts';

const marks: Readonly<Record<ComparisonSection['id'], Glyph>> = {
  overview: 'dot',
  gates: 'warn',
  worse: 'fail',
  apart: 'unknown',
  better: 'pass',
  unchanged: 'skip',
  risk: 'dot',
};

/** Two releases side by side, one line a fact: the baseline, the candidate and the difference. */
export function comparisonPage(subject: string, comparison: Comparison, style: Style): string {
  const out = page(style);
  const name = (text: string, limit: number): string => short(style.redact(text), limit);
  const [before, after] = [comparison.baseline, comparison.candidate].map(({ version }) => name(version, 40));
  out.heading(`${subject}: ${before} → ${after}`);
  out.rule();
  for (const { id, title, rows } of comparisonSections(comparison)) {
    if (id !== 'overview') {
      out.line();
      out.line(title, 'bold');
    }
    for (const { what, baseline, candidate, difference } of rows) {
      const values = baseline === candidate ? baseline : `${baseline} → ${candidate}`;
      out.mark(marks[id], `${name(what, 40).padEnd(24)} ${values}${difference === '' ? '' : ` · ${difference}`}`, {
        indent: 29,
      });
    }
  }
  return out.text();
}
