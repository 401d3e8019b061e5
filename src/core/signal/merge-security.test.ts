import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { securityIssue } from '../../../test/support/fact-arbitraries.ts';
import { severities, type SecurityIssue } from '../evidence/reading.ts';
import {
  groupFindings,
  mergeGroups,
  mergeSecurity,
  openSeverity,
  type FoundIssue as Found,
  type MergedIssue,
} from './merge-security.ts';

const found: fc.Arbitrary<readonly Found[]> = fc.array(
  fc.record({ source: fc.constantFrom('a', 'b', 'c'), issue: securityIssue }),
  { maxLength: 8 },
);

function issueOf(ids: readonly string[], changes: Partial<SecurityIssue> = {}): SecurityIssue {
  return { ids, severity: 'low', cvss: null, title: 'issue', component: 'lodash', ...changes };
}

const from = (source: string, issue: SecurityIssue): Found => ({ source, issue });
const place = ({ component, path }: SecurityIssue): string => component?.toLowerCase() ?? path ?? '';
const shareId = (a: SecurityIssue, b: SecurityIssue): boolean =>
  a.ids.some((id) => b.ids.some((other) => other.toUpperCase() === id.toUpperCase()));

/** Groups by the definition: as long as two of them share an identifier and the place, they are one. */
function groupsOf(all: readonly Found[]): readonly (readonly Found[])[] {
  let groups: (readonly Found[])[] = all.map((entry) => [entry]);
  for (;;) {
    const joined = groups.findIndex((group, index) => groups.slice(index + 1).some((other) => related(group, other)));
    if (joined < 0) return groups;
    const other = groups.findIndex((group, index) => index > joined && related(groups[joined]!, group));
    groups = groups.toSpliced(other, 1).with(joined, [...groups[joined]!, ...groups[other]!]);
  }
}

function related(one: readonly Found[], other: readonly Found[]): boolean {
  return one.some((a) => other.some((b) => place(a.issue) === place(b.issue) && shareId(a.issue, b.issue)));
}

const summary = (issues: readonly MergedIssue[]): readonly string[] =>
  issues
    .map((each) =>
      JSON.stringify([each.ids, each.severity, each.cvss, each.sources, each.suppressedBy !== undefined, place(each)]),
    )
    .sort();

test('each group of findings that share identifiers and place is one finding', () => {
  fc.assert(
    fc.property(found, (all) => {
      const merged = mergeSecurity(all);

      expect(merged).toHaveLength(groupsOf(all).length);
    }),
    runs,
  );
});

test('a merged finding has the worst severity of the open ones and is suppressed only if all are', () => {
  fc.assert(
    fc.property(found, (all) => {
      const merged = mergeSecurity(all);

      for (const group of groupsOf(all)) {
        const issues = group.map(({ issue }) => issue);
        const open = issues.filter(({ suppressedBy }) => suppressedBy === undefined);
        const worst = severities.find((severity) =>
          (open.length > 0 ? open : issues).some((issue) => issue.severity === severity),
        );
        const result = merged.find((each) => related([from('', each)], group));
        expect(result?.severity).toBe(worst);
        expect(result?.suppressedBy === undefined).toBe(open.length > 0);
        expect(result?.cvss ?? -1).toBe(Math.max(-1, ...issues.map(({ cvss }) => cvss ?? -1)));
        expect(result?.sources).toEqual([...new Set(group.map(({ source }) => source))].sort());
      }
    }),
    runs,
  );
});

test('reporting everything twice changes nothing', () => {
  fc.assert(
    fc.property(found, (all) => {
      const once = mergeSecurity(all);
      const twice = mergeSecurity([...all, ...all]);

      expect(twice).toEqual(once);
    }),
    runs,
  );
});

test('merging what is merged changes nothing', () => {
  fc.assert(
    fc.property(found, (all) => {
      const once = mergeSecurity(all);
      const again = mergeSecurity(once.map((issue) => from(issue.sources[0]!, issue)));

      expect(again.map(({ ids, severity, cvss }) => ({ ids, severity, cvss }))).toEqual(
        once.map(({ ids, severity, cvss }) => ({ ids, severity, cvss })),
      );
    }),
    runs,
  );
});

test('the order of findings changes neither their number nor what they say', () => {
  const shuffled = found.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      expect(summary(mergeSecurity(other))).toEqual(summary(mergeSecurity(one)));
    }),
    runs,
  );
});

test('an alias joins findings that share no identifier with each other', () => {
  const all = [
    from('npm-audit', issueOf(['GHSA-aaaa'])),
    from('trivy', issueOf(['CVE-2026-1'], { severity: 'critical' })),
    from('osv', issueOf(['CVE-2026-1', 'ghsa-aaaa'])),
  ];

  const merged = mergeSecurity(all);

  expect(merged).toHaveLength(1);
  expect(merged[0]).toMatchObject({ severity: 'critical', sources: ['npm-audit', 'osv', 'trivy'] });
  expect(merged[0]?.ids[0]).toBe('CVE-2026-1');
});

test('tools that know a finding by CVE, by GHSA and by an OSV id are joined by the one that knows all, in any order', () => {
  const all = [
    from('dependabot', issueOf(['GHSA-aaaa'])),
    from('grype', issueOf(['CVE-2026-1'])),
    from('pip-audit', issueOf(['PYSEC-2026-7'])),
    from('osv', issueOf(['PYSEC-2026-7', 'CVE-2026-1', 'GHSA-aaaa'])),
  ];

  for (const order of [all, all.toReversed(), [all[3]!, all[0]!, all[2]!, all[1]!]]) {
    const merged = mergeSecurity(order);

    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({
      ids: ['CVE-2026-1', 'GHSA-aaaa', 'PYSEC-2026-7'],
      sources: ['dependabot', 'grype', 'osv', 'pip-audit'],
    });
  }
});

test('one identifier in two components is two findings', () => {
  const merged = mergeSecurity([
    from('a', issueOf(['CVE-2026-1'])),
    from('a', issueOf(['CVE-2026-1'], { component: 'axios' })),
  ]);

  expect(merged).toHaveLength(2);
});

test('one rule on two lines is two findings, and the same line in two reports is one', () => {
  const at = (line: number): SecurityIssue => {
    const { component: _, ...issue } = issueOf(['js/sql-injection'], { path: 'src/a.ts', line });
    return issue;
  };

  expect(mergeSecurity([from('a', at(1)), from('a', at(2))])).toHaveLength(2);
  expect(mergeSecurity([from('a', at(1)), from('b', at(1))])).toHaveLength(1);
});

test('what counts of a group is what the merged finding says', () => {
  fc.assert(
    fc.property(found, (all) => {
      const groups = groupFindings(all);

      const counted = groups.map(openSeverity);

      const merged = groups.map((group) => mergeGroups([group])[0]!);
      expect(counted).toEqual(
        merged.map(({ severity, cvss, suppressedBy }) => (suppressedBy === undefined ? { severity, cvss } : null)),
      );
    }),
    runs,
  );
});
