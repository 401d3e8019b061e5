/** Writers of what servers answer about findings that they keep: SonarQube and GitHub. */
import fc from 'fast-check';
import type { RoundTrip } from '../round-trip.ts';
import { noSeverities } from '../../../src/core/evidence/reading.ts';
import { byText } from '../round-trip.ts';
import { jsonStyle, luck, often, writeJson, writeXml, xml, xmlStyle, anyPath } from './documents.ts';
import { codeIssues, findingsOf, securityIssues, type Finding } from './finding-model.ts';

const isSecurity = ({ id }: Finding): boolean => id % 3 === 0;

const sonarqube: RoundTrip = {
  name: 'sonarqube',
  documents: fc
    .record({
      all: findingsOf(
        [
          ['BLOCKER', 'critical'],
          ['CRITICAL', 'high'],
          ['MAJOR', 'medium'],
          ['MINOR', 'low'],
          ['INFO', 'info'],
        ],
        true,
      ),
      pages: often,
      style: jsonStyle,
      of: luck,
    })
    .map(({ all, pages, style, of }) => {
      const keyOf = ({ path }: Finding): string => `shop:${path}`;
      const issues = all.map((finding) => ({
        key: `AX${finding.id}`,
        rule: finding.rule,
        severity: finding.word,
        component: keyOf(finding),
        project: 'shop',
        line: finding.line,
        hash: 'abc',
        textRange: { startLine: finding.line, endLine: finding.line, startOffset: 0, endOffset: 4 },
        flows: [],
        status: finding.suppressed ? 'RESOLVED' : 'OPEN',
        ...(finding.suppressed ? { resolution: of() % 2 ? 'FALSE-POSITIVE' : 'WONTFIX' } : {}),
        message: finding.message,
        type: isSecurity(finding) ? 'VULNERABILITY' : of() % 2 ? 'BUG' : 'CODE_SMELL',
      }));
      const half = pages && issues.length > 1 ? Math.ceil(issues.length / 2) : issues.length;
      const parts = half < issues.length ? [issues.slice(0, half), issues.slice(half)] : [issues];
      const components = all.map((finding) => ({
        key: keyOf(finding),
        enabled: true,
        qualifier: 'FIL',
        name: 'a',
        path: finding.path,
      }));
      const answers = parts.map((part, index) => ({
        total: issues.length,
        p: index + 1,
        ps: 100,
        paging: { pageIndex: index + 1, pageSize: half, total: issues.length },
        effortTotal: 5,
        issues: part,
        components: of() % 2 ? components : [],
        facets: [],
      }));
      const text = of() % 2 ? writeJson(answers, style) : answers.map((answer) => writeJson(answer, style)).join('\n');
      return {
        path: 'sonar-issues.json',
        text,
        expected: [
          codeIssues(all.filter((finding) => !isSecurity(finding))),
          securityIssues('code', all.filter(isSecurity)),
        ],
      };
    }),
};

const githubCodeScanning: RoundTrip = {
  name: 'github-code-scanning',
  documents: fc
    .record({
      all: findingsOf(
        [
          ['critical', 'critical'],
          ['high', 'high'],
          ['medium', 'medium'],
          ['low', 'low'],
        ],
        true,
      ),
      style: jsonStyle,
      of: luck,
    })
    .map(({ all, style, of }) => {
      const ofCode = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;
      // What is no security issue has the words of the levels, which know no critical.
      const found = all.map((finding) =>
        !isSecurity(finding) && finding.severity === 'critical' ? { ...finding, severity: 'high' as const } : finding,
      );
      const alerts = found.map((finding) => ({
        number: finding.id,
        state: finding.suppressed ? (of() % 2 ? 'dismissed' : 'fixed') : 'open',
        dismissed_reason: finding.suppressed ? "won't fix" : null,
        rule: {
          id: finding.rule,
          severity: ofCode[finding.word as keyof typeof ofCode],
          description: finding.message,
          name: finding.rule,
          tags: isSecurity(finding) ? ['security'] : ['maintainability'],
          security_severity_level: isSecurity(finding) ? finding.word : null,
        },
        tool: { name: 'CodeQL', version: '2.19.4' },
        most_recent_instance: {
          ref: 'refs/heads/main',
          state: 'open',
          location: { path: finding.path, start_line: finding.line, end_line: finding.line },
          message: { text: finding.message },
        },
      }));
      const [code, security] = [found.filter((finding) => !isSecurity(finding)), found.filter(isSecurity)];
      return {
        path: 'code-scanning.json',
        text: writeJson(alerts, style),
        expected: [
          ...(code.length > 0 ? [codeIssues(code)] : []),
          ...(security.length > 0 || code.length === 0 ? [securityIssues('code', security)] : []),
        ],
      };
    }),
};

const qualityGate: RoundTrip = {
  name: 'sonarqube-quality-gate',
  documents: fc
    .record({
      states: fc.array(fc.constantFrom('OK', 'ERROR', 'WARN'), { minLength: 1, maxLength: 6 }),
      density: fc.nat(1000),
      webhook: fc.boolean(),
      style: jsonStyle,
    })
    .map(({ states, density, webhook, style }) => {
      const value = (density / 10).toFixed(1);
      const names = [...states.map((_, index) => `new_metric_${index}`), 'duplicated_lines_density'];
      const conditions = [...states, 'OK'].map((status, index) => {
        const actual = index === states.length ? value : '7';
        return webhook
          ? { metric: names[index], operator: 'GREATER_THAN', value: actual, status, errorThreshold: '3' }
          : { status, metricKey: names[index], comparator: 'GT', errorThreshold: '3', actualValue: actual };
      });
      const overall = states.includes('ERROR') ? 'ERROR' : states.includes('WARN') ? 'WARN' : 'OK';
      const gate = { status: overall, conditions };
      const report = webhook
        ? {
            serverUrl: 'https://sonar.example',
            taskId: 'AX1',
            status: 'SUCCESS',
            analysedAt: '2026-03-02T08:15:04+0100',
            revision: 'c739069ec7105e01303e8b3065a81141aad9f129',
            project: { key: 'shop', name: 'Shop' },
            qualityGate: { name: 'Sonar way', ...gate },
          }
        : { projectStatus: { ...gate, ignoredConditions: false } };
      const severity = { ERROR: 'high', WARN: 'medium' } as const;
      const items = states.flatMap((status, index) =>
        status === 'ERROR' || status === 'WARN' ? [{ rule: names[index], severity: severity[status] }] : [],
      );
      const counts = { ...noSeverities };
      for (const item of items) counts[item.severity] += 1;
      return {
        path: 'sonar-quality-gate.json',
        text: writeJson(report, style),
        expected: [
          { kind: 'code-issues', counts, suppressed: 0, items: items.toSorted(byText) },
          { kind: 'measure', metric: 'duplication', value: Number(value) },
        ],
      };
    }),
};

/** Copies of runs of lines: every place of one is counted, and none of them twice. */
const cpd: RoundTrip = {
  name: 'cpd',
  documents: fc
    .record({
      copies: fc.array(fc.record({ path: anyPath, other: anyPath, lines: fc.integer({ min: 5, max: 90 }) }), {
        maxLength: 5,
      }),
      style: xmlStyle,
      of: luck,
    })
    .map(({ copies, style, of }) => {
      const places = copies.map(({ path, other }, index) => [
        { path, line: 1000 * index + 1 },
        { path: other, line: 1000 * index + 500 },
      ]);
      const root = xml(
        'pmd-cpd',
        {
          xmlns: of() % 2 ? 'https://pmd-code.org/schema/cpd-report' : undefined,
          pmdVersion: '7.8.0',
          timestamp: '2026-03-02T08:15:04.123+01:00',
        },
        xml('file', { path: '/shop/a.java', totalNumberOfTokens: 120 }),
        copies.map(({ lines }, index) =>
          xml(
            'duplication',
            { lines, tokens: 10 * lines },
            places[index]!.map(({ path, line }) =>
              xml('file', { column: 1, endcolumn: 9, endline: line + lines, line, path }),
            ),
            xml('codefragment', {}, 'if (a < b && c) { x("]]>"); }'),
          ),
        ),
      );
      const items = places.flat().map((place) => ({ rule: 'duplication', severity: 'low' as const, ...place }));
      const counts = { ...noSeverities, low: items.length };
      return {
        path: 'cpd.xml',
        text: writeXml(root, style),
        expected: [{ kind: 'code-issues', counts, suppressed: 0, items: items.toSorted(byText) }],
      };
    }),
};

export const serverReports: readonly RoundTrip[] = [sonarqube, githubCodeScanning, qualityGate, cpd];
