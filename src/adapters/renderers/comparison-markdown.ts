import type { Comparison } from '../../core/compare/compare-releases.ts';
import { comparisonSections } from '../../core/report/comparison-words.ts';
import { markdownText as md } from '../../core/report/encode.ts';

/** A comparison as tables of GitHub-flavoured markdown, what got worse first. */
export function comparisonMarkdown(subject: string, comparison: Comparison): string {
  const [baseline, candidate] = [comparison.baseline, comparison.candidate].map(({ version }) => md(version));
  const sections = comparisonSections(comparison).map(({ title, rows }) =>
    [
      `## ${title}`,
      '',
      `| | ${baseline} | ${candidate} | Difference |`,
      '|---|---|---|---|',
      ...rows.map((row) => `| ${[row.what, row.baseline, row.candidate, row.difference].map(md).join(' | ')} |`),
    ].join('\n'),
  );
  return `${[`# ${md(subject)}: ${baseline} → ${candidate}`, ...sections].join('\n\n')}\n`;
}
