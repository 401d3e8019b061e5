import { holdsLine, type ChangedLines, type LineRange } from '../evidence/changed-lines.ts';
import { severities, tally, type CodeIssue, type CodeIssues, type Severity } from '../evidence/reading.ts';
import { mergeCounts } from './code-signals.ts';
import { number } from './format.ts';
import { packageOf } from './merge-coverage.ts';
import { gapOf, newSince, type NewCodeAnswer } from './new-code-answer.ts';
import { placesOf, type ProjectPaths } from './place-paths.ts';
import { signalsBy, sourcesOf, type Sourced } from './sourced.ts';

const counted = {
  new_critical_issues: ['critical', 'high'],
  new_code_smells: severities,
} as const satisfies Record<string, readonly Severity[]>;

type NewIssueMetric = keyof typeof counted;
const metrics = Object.keys(counted) as readonly NewIssueMetric[];

/** Whether a finding counts as new, and whether because its place is not known. */
type Newness = 'new' | 'old' | 'no-place';

/**
 * Findings on new lines, merged as those of the whole project. Where it cannot be told it counts as new: a finding without a file
 * or in no known file of the project, and one without a line in a changed file. A report that lists fewer findings than it
 * counts leaves the metric open.
 */
export function newIssues(
  changed: ChangedLines,
  paths: ProjectPaths,
  reports: readonly Sourced<CodeIssues>[],
): NewCodeAnswer {
  if (reports.length === 0) return { signals: [], gaps: new Map() };
  const lines = new Map(changed.files.map((file) => [file.path, file.lines]));
  let placeless = 0;
  const fresh = reports.map((report) => {
    const isNew = newnessIn(report, paths, lines);
    const counts = tally();
    for (const issue of report.fact.items) {
      const newness = isNew(issue);
      if (newness !== 'old') counts[issue.severity] += 1;
      if (newness === 'no-place') placeless += 1;
    }
    return { ...report, fact: { counts } };
  });
  const counts = mergeCounts(fresh);
  const sumOf = (of: readonly Severity[]): number => of.reduce((sum, severity) => sum + counts[severity], 0);
  const critical = sumOf(counted.new_critical_issues);
  const minor = sumOf(severities) - critical - counts.medium;
  const words = `${number(critical)} critical, ${number(counts.medium)} major, ${number(minor)} minor findings`;
  const open = placeless > 0 ? `; ${number(placeless)} listed without a known place, counted as new` : '';
  const signalOf = signalsBy(
    [...sourcesOf(reports), 'git'].sort(),
    `${words} on new lines ${newSince(changed)}${open}`,
  );
  const answers = metrics.map((metric): NewCodeAnswer => {
    const cut = reports.find(({ fact }) =>
      counted[metric].some((severity) => fact.counts[severity] > listedOf(fact, severity)),
    );
    if (cut === undefined) return { signals: [signalOf(metric, sumOf(counted[metric]))], gaps: new Map() };
    const all = counted[metric].reduce((sum, severity) => sum + cut.fact.counts[severity], 0);
    const reason = `${cut.source} has ${number(all)} findings and not all of them are at hand: others may lie on new lines`;
    return gapOf(metric, 'missing', reason, [cut.source]);
  });
  return {
    signals: answers.flatMap(({ signals }) => signals),
    gaps: new Map(answers.flatMap(({ gaps }) => [...gaps])),
  };
}

function listedOf({ items }: CodeIssues, severity: Severity): number {
  return items.reduce((sum, item) => (item.severity === severity ? sum + 1 : sum), 0);
}

function newnessIn(
  { source, fact }: Sourced<CodeIssues>,
  paths: ProjectPaths,
  lines: ReadonlyMap<string, readonly LineRange[]>,
): (issue: CodeIssue) => Newness {
  const folder = packageOf(source);
  const reported = new Set(fact.items.flatMap(({ path }) => path ?? []));
  const placesIn = placesOf(
    paths,
    [...reported].map((path) => ({ folder, path })),
  );
  return ({ path, line }) => {
    const places = path === undefined ? [] : placesIn({ folder, path });
    if (places.length === 0) return 'no-place';
    const onNewLine = places.some((place) => {
      const ranges = lines.get(place);
      return ranges !== undefined && (line === undefined || holdsLine(ranges, line));
    });
    return onNewLine ? 'new' : 'old';
  };
}
