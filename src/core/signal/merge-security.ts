import { severities, type SecurityIssue, type Severity } from '../evidence/reading.ts';

/** One finding after merging, with every report that names it. */
export interface MergedIssue extends SecurityIssue {
  readonly sources: readonly string[];
}

/** A finding and the path of the report that has it. */
export interface FoundIssue {
  readonly source: string;
  readonly issue: SecurityIssue;
}

/**
 * Counts the same finding once, however many tools or targets report it. Two findings are the same when they share an
 * identifier and the component; findings in code, which name a rule and not a component, must also share file and line.
 * The merged finding has the worst severity and score; it is suppressed only if every report suppresses it.
 */
export function mergeSecurity(found: readonly FoundIssue[]): readonly MergedIssue[] {
  return mergeGroups(groupFindings(found));
}

/** Findings that are the same one, together. */
export function groupFindings(found: readonly FoundIssue[]): readonly (readonly FoundIssue[])[] {
  const parent = found.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at]! !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const firstWithKey = new Map<string, number>();
  found.forEach(({ issue }, index) => {
    const place = placeOf(issue);
    for (const id of issue.ids) {
      const key = `${id.toUpperCase()}\n${place}`;
      const first = firstWithKey.get(key);
      if (first === undefined) firstWithKey.set(key, index);
      else parent[root(index)] = root(first);
    }
  });
  const groups: FoundIssue[][] = [];
  const byRoot: (FoundIssue[] | undefined)[] = Array.from({ length: found.length });
  found.forEach((entry, index) => {
    const at = root(index);
    const group = byRoot[at];
    if (group) group.push(entry);
    else groups.push((byRoot[at] = [entry]));
  });
  return groups;
}

/** What {@link mergeGroups} makes of one group as far as counts go, without making it: null if every report suppresses it. */
export function openSeverity(
  group: readonly FoundIssue[],
): { readonly severity: Severity; readonly cvss: number | null } | null {
  let severity: Severity | null = null;
  let cvss: number | null = null;
  for (const { issue } of group) {
    if (issue.cvss !== null) cvss = Math.max(cvss ?? 0, issue.cvss);
    if (issue.suppressedBy === undefined && (severity === null || rank[issue.severity] < rank[severity]))
      severity = issue.severity;
  }
  return severity === null ? null : { severity, cvss };
}

/** One finding for each group, worst first. */
export function mergeGroups(groups: readonly (readonly FoundIssue[])[]): readonly MergedIssue[] {
  return groups.map((group) => (group.length === 1 ? alone(group[0]!) : mergeGroup(group))).sort(bySeverityThenId);
}

function placeOf(issue: SecurityIssue): string {
  return issue.component !== undefined
    ? `c:${issue.component.toLowerCase()}`
    : issue.path !== undefined
      ? `p:${issue.path}:${issue.line ?? ''}`
      : `t:${issue.title}`;
}

/** Most findings are in one report only, and a report may have a hundred thousand. */
function alone({ source, issue }: FoundIssue): MergedIssue {
  return { ...issue, ids: issue.ids.length > 1 ? orderedIds(issue.ids) : issue.ids, sources: [source] };
}

function mergeGroup(group: readonly FoundIssue[]): MergedIssue {
  const ordered = [...group].sort(
    (a, b) =>
      rank[a.issue.severity] - rank[b.issue.severity] ||
      compare(a.source, b.source) ||
      compare(a.issue.title, b.issue.title),
  );
  const open = ordered.filter(({ issue }) => issue.suppressedBy === undefined);
  const base = (open[0] ?? ordered[0])!.issue;
  const scores = group.map(({ issue }) => issue.cvss).filter((score) => score !== null);
  return {
    ...base,
    ids: orderedIds(ordered.flatMap(({ issue }) => issue.ids)),
    cvss: scores.length > 0 ? Math.max(...scores) : null,
    sources: [...new Set(group.map(({ source }) => source))].sort(compare),
  };
}

/** Each once, CVE before GHSA before the rest. */
function orderedIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort((a, b) => idRank(a) - idRank(b) || compare(a, b));
}

function idRank(id: string): number {
  if (/^CVE-/i.test(id)) return 0;
  return /^GHSA-/i.test(id) ? 1 : 2;
}

const rank = Object.fromEntries(severities.map((severity, index) => [severity, index])) as Record<Severity, number>;

function bySeverityThenId(a: MergedIssue, b: MergedIssue): number {
  return (
    rank[a.severity] - rank[b.severity] ||
    compare(a.ids[0] ?? '', b.ids[0] ?? '') ||
    compare(a.component ?? '', b.component ?? '') ||
    compare(a.path ?? '', b.path ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compare(a.title, b.title)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
