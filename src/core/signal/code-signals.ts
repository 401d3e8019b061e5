import { severities, tally, type CodeIssues, type SeverityCounts } from '../evidence/reading.ts';
import { number } from './format.ts';
import { gradeValue, type Grade } from './metrics.ts';
import type { Signal } from './signal.ts';
import { signalsBy, sourcesOf, type Sourced } from './sourced.ts';

/** Most findings of medium severity or worse per 1,000 lines for each grade; above D is E. */
export type GradeBands = Readonly<Record<Exclude<Grade, 'E'>, number>>;

export const defaultGradeBands: GradeBands = { A: 5, B: 10, C: 20, D: 50 };

/**
 * Critical issues are findings of severity critical or high; every finding is a code smell. The grade is the density of
 * findings of medium severity or worse over the project's lines, by the bands; without a line count there is none.
 *
 * @example 2 high and 4 medium findings in 1,500 lines are 4 per 1,000 lines: grade A (docs/explain/grade.md).
 */
export function codeSignals(
  reports: readonly Sourced<CodeIssues>[],
  projectLines: number | null,
  bands: GradeBands,
): readonly Signal[] {
  if (reports.length === 0) return [];
  const counts = mergeCounts(reports);
  const sources = sourcesOf(reports);
  const critical = counts.critical + counts.high;
  const grave = critical + counts.medium + counts.unknown;
  const smells = severities.reduce((sum, severity) => sum + counts[severity], 0);
  const basis = `${number(critical)} critical, ${number(counts.medium)} major, ${number(smells - critical - counts.medium)} minor findings`;
  const count = signalsBy(sources, basis);
  const signals = [count('critical_issues', critical), count('code_smells', smells)];
  if (projectLines !== null && projectLines > 0) {
    const grade = gradeFor(grave, projectLines, bands);
    signals.push({
      ...count('maintainability', gradeValue(grade)),
      sources: [...sources, 'git'].sort(),
      basis: `${number(grave)} findings of medium severity or worse in ${number(projectLines)} lines`,
    });
  }
  return signals;
}

/** Compares integers: findings × 1,000 ≤ band × lines. */
export function gradeFor(findings: number, lines: number, bands: GradeBands): Grade {
  for (const grade of ['A', 'B', 'C', 'D'] as const) if (findings * 1000 <= bands[grade] * lines) return grade;
  return 'E';
}

/** Files of one tool add up; two formats written by the same tool describe the same findings, and the larger count holds. */
export function mergeCounts(
  reports: readonly { readonly tool: string; readonly format: string; readonly fact: Pick<CodeIssues, 'counts'> }[],
): SeverityCounts {
  const byTool = new Map<string, Map<string, Record<keyof SeverityCounts, number>>>();
  for (const { tool, format, fact } of reports) {
    const formats = byTool.get(tool.toLowerCase()) ?? new Map<string, Record<keyof SeverityCounts, number>>();
    const counts = formats.get(format) ?? tally();
    for (const severity of severities) counts[severity] += fact.counts[severity];
    formats.set(format, counts);
    byTool.set(tool.toLowerCase(), formats);
  }
  const total = tally();
  for (const formats of byTool.values()) {
    for (const severity of severities)
      total[severity] += Math.max(...[...formats.values()].map((counts) => counts[severity]));
  }
  return total;
}
