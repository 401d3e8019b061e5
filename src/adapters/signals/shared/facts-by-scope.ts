import type { SecurityIssue, SecurityIssues } from '../../../core/evidence/reading.ts';

export type Scope = SecurityIssues['scope'];

/** One fact for each scope that has findings, and one for `own` in any case: a clean scan is a scan. */
export function factsByScope(
  own: Scope,
  found: readonly (readonly [Scope, SecurityIssue])[],
  scanned: number | null = null,
): readonly SecurityIssues[] {
  const byScope = new Map<Scope, SecurityIssue[]>([[own, []]]);
  for (const [scope, issue] of found) {
    const known = byScope.get(scope);
    if (known) known.push(issue);
    else byScope.set(scope, [issue]);
  }
  return [...byScope].map(([scope, items]) => ({
    kind: 'security-issues',
    scope,
    items,
    scanned: scope === own ? scanned : null,
  }));
}
