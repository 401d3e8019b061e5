import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import type { SecurityIssue } from '../evidence/reading.ts';
import type { WaiverScope } from '../policy/waiver.ts';
import type { FoundIssue } from './merge-security.ts';
import { waiveFindings, type FindingWaiver } from './waive-findings.ts';

const found = (issue: Partial<SecurityIssue>, source = 'audit.json'): FoundIssue => ({
  source,
  issue: { ids: ['CVE-2026-1'], severity: 'high', cvss: null, title: 'x', ...issue },
});
const waiver = (scope: Partial<WaiverScope>, index = 0): FindingWaiver => ({
  index,
  scope: { gate: null, rule: null, finding: null, package: null, ...scope },
  reason: 'not reachable',
  expires: '2027-01-01T00:00:00.000Z',
});
const open = (groups: readonly (readonly FoundIssue[])[]): number =>
  groups.filter((group) => group.some(({ issue }) => issue.suppressedBy === undefined)).length;

describe('a waiver of findings', () => {
  const issue = found({ ids: ['CVE-2026-1', 'GHSA-aaaa'], component: 'left-pad' });

  test.each([
    [{ finding: 'CVE-2026-1' }, 0],
    [{ finding: 'cve-2026-1' }, 0],
    [{ finding: 'GHSA-aaaa' }, 0],
    [{ finding: 'CVE-2026-11' }, 1],
    [{ finding: 'CVE-2026' }, 1],
    [{ package: 'Left-Pad' }, 0],
    [{ package: 'left' }, 1],
    [{ finding: 'CVE-2026-1', package: 'left-pad' }, 0],
    [{ finding: 'CVE-2026-1', package: 'right-pad' }, 1],
    [{ rule: 'GHSA-aaaa' }, 0],
    [{ rule: 'GHSA-aaaa', finding: 'CVE-2026-2' }, 1],
    [{ gate: 'security' }, 1],
    [{ gate: 'security', rule: 'GHSA-aaaa' }, 1],
    [{}, 1],
  ])('with the scope %j leaves %i open', (scope, left) => {
    expect(open(waiveFindings([[issue]], [waiver(scope)]).groups)).toBe(left);
  });

  test('takes all of one finding, under whichever name a report has it, and says what and until when', () => {
    const group = [issue, found({ ids: ['GHSA-aaaa'] }, 'other.json')];

    const { groups, waived } = waiveFindings([group], [waiver({ finding: 'CVE-2026-1' }, 3)]);

    expect(groups[0]!.map(({ issue: of }) => of.suppressedBy)).toEqual(
      Array(2).fill('waived until 2027-01-01: not reachable'),
    );
    expect([...waived]).toEqual([[3, ['CVE-2026-1 in left-pad']]]);
  });

  test('leaves what a report suppresses as it is, and is not counted for it', () => {
    const own = found({ suppressedBy: 'false positive' });

    const { groups, waived } = waiveFindings([[own]], [waiver({ finding: 'CVE-2026-1' })]);

    expect(groups).toEqual([[own]]);
    expect(waived.size).toBe(0);
  });

  test('never opens a finding, never loses one, and without a waiver changes nothing', () => {
    const issues = fc.array(
      fc.record({
        ids: fc.uniqueArray(fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'), { minLength: 1 }),
        component: fc.constantFrom('a', 'b'),
      }),
      { maxLength: 6 },
    );
    const scopes = fc.array(
      fc.record(
        { finding: fc.constantFrom('CVE-1', 'CVE-2'), package: fc.constantFrom('a', 'b') },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(issues, scopes, (all, waivers) => {
        const groups = all.map((each) => [found(each)]);
        const one = waiveFindings(groups, waivers.slice(0, 1).map(waiver));
        const more = waiveFindings(groups, waivers.map(waiver));

        expect(more.groups.map((group) => group.length)).toEqual(groups.map((group) => group.length));
        expect(open(more.groups)).toBeLessThanOrEqual(open(one.groups));
        expect(waiveFindings(groups, []).groups).toBe(groups);
      }),
      runs,
    );
  });
});
