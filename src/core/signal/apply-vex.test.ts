import fc from 'fast-check';
import { expect, test } from 'vitest';
import { record, runs } from '../../../test/support/arbitraries.ts';
import { securityIssue } from '../../../test/support/fact-arbitraries.ts';
import type { SecurityIssue, SecurityIssues, VexStatement } from '../evidence/reading.ts';
import { judgeFindings, type SourcedStatement } from './apply-vex.ts';
import { defaultGradeBands } from './code-signals.ts';
import { mergeGroups, mergeSecurity, type FoundIssue, type MergedIssue } from './merge-security.ts';
import { signalsFrom } from './signals-from.ts';

/** The findings as they are shown. */
function judge(found: readonly FoundIssue[], statements: readonly SourcedStatement[]) {
  const { groups, ...more } = judgeFindings(found, statements);
  return { ...more, issues: mergeGroups(groups) };
}

function finding(of: Partial<SecurityIssue> = {}, source = 'trivy.json'): FoundIssue {
  return {
    source,
    issue: { ids: ['CVE-2026-1'], severity: 'high', cvss: 7.5, title: 'issue', component: 'lodash', ...of },
  };
}

function vex(of: Partial<VexStatement> = {}, source = 'vex.json'): SourcedStatement {
  return {
    source,
    statement: { ids: ['CVE-2026-1'], status: 'not_affected', components: ['pkg:npm/lodash'], products: [], ...of },
  };
}

const open = (issues: readonly MergedIssue[]): readonly MergedIssue[] =>
  issues.filter(({ suppressedBy }) => suppressedBy === undefined);

test('a not_affected statement takes the finding away and says why and where', () => {
  const { issues, appliedFrom } = judge([finding()], [vex({ reason: 'vulnerable_code_not_present' })]);

  expect(issues).toMatchObject([{ suppressedBy: 'VEX not_affected: vulnerable_code_not_present (vex.json)' }]);
  expect(appliedFrom).toEqual(['vex.json']);
});

test('a fixed statement without a reason takes the finding away', () => {
  const { issues } = judge([finding()], [vex({ status: 'fixed' })]);

  expect(issues).toMatchObject([{ suppressedBy: 'VEX fixed (vex.json)' }]);
});

test.each([
  ['another vulnerability', vex({ ids: ['CVE-2026-2'] })],
  ['another component', vex({ components: ['pkg:npm/underscore'] })],
  ['a scoped package of the same last name', vex({ components: ['pkg:npm/%40acme/lodash'] })],
  ['another version', vex({ components: ['pkg:npm/lodash@4.17.19'] })],
  ['a product as a whole', vex({ components: [], products: ['acme shop 2.0'] })],
  ['a product of another name', vex({ components: [], products: ['pkg:oci/shop@2.0'] })],
  ['nothing at all', vex({ components: [] })],
] as const)('a statement on %s leaves the finding open and is idle', (_, statement) => {
  const { issues, idle } = judge([finding({ componentVersion: '4.17.20' })], [statement]);

  expect(open(issues)).toHaveLength(1);
  expect(idle).toEqual(new Map([['vex.json', 1]]));
});

test.each([
  ['any case of the id', finding({ ids: ['cve-2026-1'] }), vex()],
  ['an alias of the statement', finding({ ids: ['GHSA-aaaa'] }), vex({ ids: ['CVE-2026-1', 'ghsa-AAAA'] })],
  ['a plain name', finding(), vex({ components: ['Lodash'] })],
  ['the same version', finding({ componentVersion: '4' }), vex({ components: ['pkg:npm/lodash@4'] })],
  ['a version with v', finding({ componentVersion: '1.2' }), vex({ components: ['pkg:npm/lodash@v1.2'] })],
  ['a version the finding does not know', finding(), vex({ components: ['pkg:npm/lodash@4'] })],
  ['a product that is the component', finding(), vex({ components: [], products: ['pkg:npm/lodash'] })],
  ['a purl on both sides', finding({ component: 'pkg:npm/lodash' }), vex()],
  [
    'a Maven artifact with its group',
    finding({ component: 'org.apache:log4j-core' }),
    vex({ components: ['pkg:maven/org.apache/log4j-core'] }),
  ],
  [
    'a Maven artifact without its group',
    finding({ component: 'log4j-core' }),
    vex({ components: ['pkg:maven/org.apache/log4j-core'] }),
  ],
  [
    'a Python package in another spelling',
    finding({ component: 'Typing_Extensions' }),
    vex({ components: ['pkg:pypi/typing-extensions'] }),
  ],
  [
    'a version with an epoch',
    finding({ component: 'bind', componentVersion: '32:9.11' }),
    vex({ components: ['pkg:rpm/redhat/bind@9.11?epoch=32'] }),
  ],
] as const)('a statement is on a finding by %s', (_, found, statement) => {
  const { issues, idle } = judge([found], [statement]);

  expect(open(issues)).toEqual([]);
  expect(idle.size).toBe(0);
});

test('an alias that only another report knows joins statement and finding', () => {
  const found = [
    finding({ ids: ['GHSA-aaaa'] }, 'npm.json'),
    finding({ ids: ['GHSA-aaaa', 'CVE-2026-1'] }, 'osv.json'),
  ];

  const { issues } = judge(found, [vex()]);

  expect(issues).toHaveLength(1);
  expect(open(issues)).toEqual([]);
});

test('a statement on one version leaves the other versions of the component open', () => {
  const found = [finding({ componentVersion: '4.17.19' }), finding({ componentVersion: '4.17.20' })];

  const { issues } = judge(found, [vex({ components: ['pkg:npm/lodash@4.17.19'] })]);

  expect(open(issues)).toMatchObject([{ componentVersion: '4.17.20' }]);
});

test.each(['affected', 'under_investigation'] as const)(
  '%s in one document wins over not_affected in another',
  (status) => {
    const { issues, idle } = judge([finding()], [vex(), vex({ status }, 'supplier.json')]);

    expect(open(issues)).toHaveLength(1);
    expect(idle.size).toBe(0);
  },
);

test('an affected statement that no report has found is an open finding of unknown severity', () => {
  const statement = vex({
    status: 'affected',
    ids: ['CVE-2026-9'],
    components: ['pkg:npm/ini@1.3.5'],
    reason: 'update',
  });

  const { issues, appliedFrom } = judge([finding()], [statement, { ...statement, source: 'b.json' }]);

  expect(open(issues)).toHaveLength(2);
  expect(open(issues)[1]).toMatchObject({
    ids: ['CVE-2026-9'],
    severity: 'unknown',
    component: 'ini',
    componentVersion: '1.3.5',
    sources: ['b.json', 'vex.json'],
  });
  expect(appliedFrom).toEqual(['b.json', 'vex.json']);
});

test('an affected statement on what is found already adds nothing, whichever version it names', () => {
  const statement = vex({ status: 'affected', components: ['pkg:npm/lodash@1'] });

  const { issues } = judge([finding({ componentVersion: '2' })], [statement]);

  expect(issues).toHaveLength(1);
});

test('an affected product is not lost for want of a package URL', () => {
  const { issues } = judge([], [vex({ status: 'affected', components: [], products: ['Acme Shop 2.0'] })]);

  expect(open(issues)).toMatchObject([{ component: 'Acme Shop 2.0', severity: 'unknown' }]);
});

test('VEX alone measures nothing, and VEX with a clean scan does', () => {
  const affected = { kind: 'vex', statements: [vex({ status: 'affected' }).statement] } as const;
  const scan: SecurityIssues = { kind: 'security-issues', scope: 'dependencies', items: [], scanned: null };
  const signals = (...facts: readonly (SecurityIssues | typeof affected)[]) =>
    signalsFrom({
      evidence: facts.map((fact, index) => record(`${index}.json`, [fact])),
      change: null,
      changedLines: null,
      attested: [],
      gradeBands: defaultGradeBands,
    });

  expect(signals(affected).high_vulnerabilities.state).toBe('missing');
  expect(signals(scan, affected).high_vulnerabilities).toMatchObject({
    state: 'measured',
    signal: { value: 1, sources: ['0.json', '1.json'] },
  });
});

const statement: fc.Arbitrary<SourcedStatement> = fc
  .record({ issue: securityIssue, status: fc.constantFrom('not_affected', 'fixed', 'affected', 'under_investigation') })
  .map(({ issue, status }) =>
    vex({ ids: issue.ids, status, components: issue.component === undefined ? [] : [issue.component] }),
  );
const found = fc.array(fc.record({ source: fc.constantFrom('a', 'b'), issue: securityIssue }), { maxLength: 6 });
const key = (issues: readonly MergedIssue[]): readonly string[] =>
  issues
    .map(({ ids, component, suppressedBy }) => JSON.stringify([ids, component?.toLowerCase(), suppressedBy]))
    .sort();

/** Every identifier that is open in a component. */
const openNames = (issues: readonly MergedIssue[]): ReadonlySet<string> =>
  new Set(open(issues).flatMap(({ ids, component = '' }) => ids.map((id) => `${id} ${component}`.toUpperCase())));

test('without statements judging is merging', () => {
  fc.assert(
    fc.property(found, (all) => {
      expect(judge(all, []).issues).toEqual(mergeSecurity(all));
    }),
    runs,
  );
});

test('one more affected statement closes no vulnerability, though it may tell that two names are one', () => {
  fc.assert(
    fc.property(found, fc.array(statement, { maxLength: 4 }), statement, (all, before, more) => {
      const affected = { ...more, statement: { ...more.statement, status: 'affected' as const } };

      const without = openNames(judge(all, before).issues);
      const afterwards = openNames(judge(all, [...before, affected]).issues);

      expect([...without].filter((name) => !afterwards.has(name))).toEqual([]);
    }),
    runs,
  );
});

test('the order of statements changes nothing', () => {
  fc.assert(
    fc.property(found, fc.array(statement, { maxLength: 5 }), (all, statements) => {
      const one = judge(all, statements);
      const other = judge(all, statements.toReversed());

      expect(key(other.issues)).toEqual(key(one.issues));
      expect(other.idle).toEqual(one.idle);
    }),
    runs,
  );
});
