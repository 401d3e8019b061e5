/** Writers of the reports of scanners of code, configuration and secrets. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SecurityIssues } from '../../../src/core/evidence/reading.ts';
import type { Document, RoundTrip } from '../round-trip.ts';
import { jsonStyle, luck, seldom, unknownKeys, withLuck, writeJson, writeJsonLines, type Luck } from './documents.ts';
import {
  byPath,
  codeIssues,
  findingsOf,
  securityFact,
  securityIssues,
  type Finding,
  type Word,
} from './finding-model.ts';

type Findings = fc.Arbitrary<readonly Finding[]>;

function jsonDocuments(
  path: string,
  scope: SecurityIssues['scope'],
  findings: Findings,
  write: (all: readonly Finding[], of: Luck) => unknown,
): fc.Arbitrary<Document> {
  return fc.record({ all: findings, style: jsonStyle, of: luck }).map(({ all, style, of }) => ({
    path,
    text: writeJson(write(all, of), style),
    expected: [securityIssues(scope, all)],
  }));
}

/** Rules of which each finding has its own. */
function apart(findings: Findings): Findings {
  return findings.map((all) => all.map((each) => ({ ...each, rule: `${each.rule}-${each.id}` })));
}

const uri = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

const levels: readonly Word[] = [
  ['error', 'high'],
  ['warning', 'medium'],
  ['note', 'low'],
  ['none', 'info'],
];

interface SarifChoices {
  readonly all: readonly Finding[];
  readonly of: Luck;
  /** How a finding gets its severity: what stands in its rule, and what at itself. */
  readonly rated: (finding: Finding) => { readonly rule: object; readonly result: object };
  readonly tool: string;
}

function sarifRun({ all, of, rated, tool }: SarifChoices): object {
  const inExtension = of() % 3 === 0;
  const asArtifacts = of() % 3 === 0;
  const paths = [...new Set(all.map(({ path }) => path))];
  const rules = all.map((each) => ({
    id: each.rule,
    ...withLuck({ name: each.rule, helpUri: 'https://example.com' }, of),
    ...rated(each).rule,
  }));
  const rejected = [{ kind: 'external', status: 'rejected' }];
  const results = all.map((each, index) => {
    const toolComponent = { index: 0 };
    const reference = inExtension
      ? { rule: { id: each.rule, index, toolComponent } }
      : { ruleId: each.rule, ruleIndex: index };
    const artifactLocation = asArtifacts ? { index: paths.indexOf(each.path) } : { uri: uri(each.path) };
    return {
      ...reference,
      ...rated(each).result,
      message: { text: each.message },
      locations: [{ physicalLocation: { artifactLocation, region: { startLine: each.line, startColumn: 3 } } }],
      ...(each.suppressed
        ? { suppressions: [{ kind: 'inSource', justification: 'known' }] }
        : withLuck({ suppressions: of() % 2 ? [] : rejected, baselineState: 'unchanged', kind: 'fail' }, of)),
    };
  });
  const place = { physicalLocation: { artifactLocation: { uri: 'a.ts' } } };
  const none = [
    { ruleId: 'passed', kind: 'pass', level: 'none', message: { text: 'fine' } },
    { ruleId: 'gone', level: 'error', baselineState: 'absent', message: { text: 'gone' }, locations: [place] },
  ];
  return {
    tool: {
      driver: { name: tool, version: '1.2.3', rules: inExtension ? [] : rules },
      ...(inExtension ? { extensions: [{ name: 'pack', rules }] } : {}),
    },
    results: of() % 2 ? results : [...none, ...results],
    ...(asArtifacts ? { artifacts: paths.map((path) => ({ location: { uri: uri(path) } })) } : {}),
    ...withLuck({ invocations: [{ executionSuccessful: true }], columnKind: 'utf16CodeUnits' }, of),
  };
}

const sarifLog = (runs: readonly object[], of: Luck): object => ({
  ...(of() % 2 ? { $schema: 'https://json.schemastore.org/sarif-2.1.0.json' } : {}),
  version: '2.1.0',
  runs,
  ...unknownKeys(of),
});

const sarifCode: RoundTrip = {
  name: 'sarif of linters',
  notices: /^the log also holds a run of /,
  documents: fc
    .record({
      runs: fc.array(apart(findingsOf(levels, true)), { minLength: 1, maxLength: 3 }),
      style: jsonStyle,
      of: luck,
    })
    .map(({ runs, style, of }) => {
      const rated = ({ word }: Finding): { rule: object; result: object } => {
        const other = { defaultConfiguration: { level: 'error' } };
        if (word === 'warning' && of() % 3 === 0) return { rule: {}, result: {} };
        return of() % 2
          ? { rule: { defaultConfiguration: { level: word } }, result: {} }
          : { rule: other, result: { level: word } };
      };
      // The choice for a rule and for its result is one.
      const written = runs.map((all) => {
        const choice = new Map(all.map((each) => [each.id, rated(each)] as const));
        return sarifRun({ all, of, tool: 'Linter 🧹', rated: ({ id }) => choice.get(id)! });
      });
      return {
        path: 'lint.sarif',
        text: writeJson(sarifLog(written, of), style),
        expected: runs.map((all) => codeIssues(all)),
      };
    }),
};

const scores: readonly Word[] = [
  ['9.8', 'critical'],
  ['9.0', 'critical'],
  ['7.0', 'high'],
  ['4.0', 'medium'],
  ['0.1', 'low'],
];

const sarifSecurity: RoundTrip = {
  name: 'sarif of scanners',
  documents: fc
    .record({ all: apart(findingsOf(scores, true)), style: jsonStyle, of: luck })
    .map(({ all, style, of }) => {
      const rated = ({ word }: Finding): { rule: object; result: object } => ({
        rule: { properties: { tags: ['security'], 'security-severity': word } },
        result: { level: 'note' },
      });
      const log = sarifLog([sarifRun({ all, of, tool: 'Semgrep OSS', rated })], of);
      return { path: 'scan.sarif', text: writeJson(log, style), expected: [securityIssues('code', all)] };
    }),
};

const semgrep: RoundTrip = {
  name: 'semgrep',
  documents: jsonDocuments(
    'semgrep.json',
    'code',
    findingsOf(
      [
        ['ERROR', 'high'],
        ['WARNING', 'medium'],
        ['INFO', 'low'],
        ['CRITICAL', 'critical'],
      ],
      true,
    ),
    (all, of) => ({
      version: '1.99.0',
      results: all.map(({ rule, path, line, message, word, suppressed }) => ({
        check_id: rule,
        path,
        start: { line, col: 1, offset: 0 },
        end: { line, col: 9, offset: 8 },
        extra: {
          message,
          severity: word,
          metadata: { category: 'security', cwe: ['CWE-79: Improper Neutralization'] },
          fingerprint: 'requires login',
          lines: 'requires login',
          ...(suppressed || of() % 2 ? { is_ignored: suppressed } : {}),
          ...withLuck({ validation_state: 'NO_VALIDATOR', engine_kind: 'OSS', metavars: {} }, of),
        },
      })),
      errors: [],
      paths: { scanned: ['a.ts', ...all.map(({ path }) => path)] },
      ...withLuck({ interfile_languages_used: [], skipped_rules: [] }, of),
    }),
  ),
};

const secretWords: readonly Word[] = [['', 'high']];

const gitleaks: RoundTrip = {
  name: 'gitleaks',
  notices: /^the same secret at the same place in further commits/,
  documents: jsonDocuments('gitleaks.json', 'secrets', findingsOf(secretWords), (all, of) => {
    const leaks = all.flatMap(({ id, rule, message, path, line }) =>
      Array.from({ length: 1 + Number(of() % 4 === 0) }, (_, commit) => ({
        RuleID: rule,
        Description: message,
        StartLine: line,
        EndLine: line,
        StartColumn: 2,
        Match: `key = "secret-${id}"`,
        Secret: `secret-${id}`,
        File: path,
        SymlinkFile: '',
        Commit: `${commit}`,
        Entropy: 3.5,
        Author: 'Ada',
        Tags: [],
        Fingerprint: `${path}:${rule}:${line}`,
      })),
    );
    return leaks.length === 0 && of() % 2 ? null : leaks;
  }),
};

const gitleaksOld: RoundTrip = {
  name: 'gitleaks before 8',
  documents: jsonDocuments(
    'gitleaks.json',
    'secrets',
    findingsOf([
      ['high', 'high'],
      ['low', 'low'],
    ]),
    (all) =>
      all.map(({ id, rule, word, path, line, message }) => ({
        line: 'key = …',
        lineNumber: line,
        offender: `secret-${id}`,
        commit: 'abc',
        repo: 'shop',
        rule,
        commitMessage: message,
        author: 'Ada',
        file: path,
        date: '2026-03-02T08:15:04Z',
        severity: word,
        tags: 'key',
      })),
  ),
};

const threeWords: readonly Word[] = [
  ['HIGH', 'high'],
  ['MEDIUM', 'medium'],
  ['LOW', 'low'],
];

const bandit: RoundTrip = {
  name: 'bandit',
  documents: jsonDocuments('bandit.json', 'code', findingsOf(threeWords), (all) => {
    const totals = (own: readonly Finding[]): object => ({
      ...Object.fromEntries(
        [...threeWords, ['UNDEFINED']].map(([word]) => [
          `SEVERITY.${word}`,
          own.filter((each) => each.word === word).length,
        ]),
      ),
      'CONFIDENCE.HIGH': own.length,
      loc: 120,
      nosec: 0,
      skipped_tests: 0,
    });
    return {
      errors: [],
      generated_at: '2026-03-02T08:15:04Z',
      metrics: Object.fromEntries([
        ['clean.py', totals([])],
        ...byPath(all).map(([path, own]) => [path, totals(own)] as const),
        ['_totals', totals(all)],
      ]),
      results: all.map(({ rule, path, line, message, word }) => ({
        code: `${line} x = "}"\n`,
        col_offset: 4,
        filename: path,
        issue_confidence: 'HIGH',
        issue_cwe: { id: 78, link: 'https://example.com' },
        issue_severity: word,
        issue_text: message,
        line_number: line,
        line_range: [line],
        test_id: rule,
        test_name: 'shell_true',
      })),
    };
  }),
};

const banditLines: RoundTrip = {
  name: 'bandit lines',
  documents: fc
    .record({ all: findingsOf(threeWords).filter((all) => all.length > 0), lineBreak: fc.constantFrom('\n', '\r\n') })
    .map(({ all, lineBreak }) => {
      const found = all.map((each) => ({ ...each, rule: `B${100 + each.id}` }));
      const lines = found.map(
        ({ path, line, rule, word, message }) =>
          `${path}:${line}: ${rule}[bandit]: ${word}: ${message.replaceAll(/\s/g, ' ')}`,
      );
      return { path: 'bandit.txt', text: lines.join(lineBreak) + lineBreak, expected: [securityIssues('code', found)] };
    }),
};

const gosec: RoundTrip = {
  name: 'gosec',
  documents: jsonDocuments('gosec.json', 'code', findingsOf(threeWords, true), (all, of) => ({
    'Golang errors': {},
    Issues: all.map(({ rule, word, path, line, message, suppressed }) => ({
      severity: word,
      confidence: 'HIGH',
      cwe: { id: '78', url: 'https://example.com' },
      rule_id: rule,
      details: message,
      file: path,
      code: `${line}: x := "}"\n`,
      line: of() % 2 ? `${line}` : `${line}-${line + 2}`,
      column: '4',
      nosec: suppressed,
      suppressions: suppressed ? [{ kind: 'inSource', justification: message }] : null,
    })),
    Stats: { files: 3, lines: 90, nosec: 0, found: all.filter(({ suppressed }) => !suppressed).length },
    GosecVersion: '2.21.4',
  })),
};

const fourWords: readonly Word[] = [['CRITICAL', 'critical'], ...threeWords];

const checkov: RoundTrip = {
  name: 'checkov',
  documents: jsonDocuments(
    'checkov.json',
    'configuration',
    findingsOf([...fourWords, ['', 'unknown']], true),
    (all, of) => {
      const checkOf = ({ rule, message, path, line, word, suppressed }: Finding): object => ({
        check_id: rule,
        bc_check_id: null,
        check_name: message,
        check_result: {
          result: suppressed ? 'SKIPPED' : 'FAILED',
          ...(suppressed ? { suppress_comment: message } : {}),
        },
        code_block: [[line, 'resource {\n']],
        file_path: path,
        file_line_range: [line, line + 3],
        resource: 'aws_s3_bucket.a',
        severity: word || null,
      });
      const types = ['terraform', 'dockerfile'];
      const runs = types.map((check_type, index) => {
        const own = all.filter(({ id }) => id % types.length === index);
        const failed = own.filter(({ suppressed }) => !suppressed);
        const skipped = own.filter(({ suppressed }) => suppressed);
        const passed = [{ check_id: 'CKV_1', check_name: 'fine' }];
        return {
          check_type,
          results: {
            ...(of() % 2 ? { passed_checks: passed } : { passed_checks: [] }),
            failed_checks: failed.map(checkOf),
            skipped_checks: skipped.map(checkOf),
            parsing_errors: [],
          },
          summary: {
            passed: 1,
            failed: failed.length,
            skipped: skipped.length,
            parsing_errors: 0,
            resource_count: 2,
            checkov_version: '3.2.300',
          },
          url: 'Add an api key',
        };
      });
      return runs;
    },
  ),
};

const tfsec: RoundTrip = {
  name: 'tfsec',
  documents: jsonDocuments('tfsec.json', 'configuration', apart(findingsOf(fourWords, true)), (all) => {
    const results = all.map(({ rule, message, word, path, line, suppressed }) => ({
      rule_id: rule,
      long_id: '',
      rule_description: message,
      rule_provider: 'aws',
      links: null,
      description: message,
      severity: word,
      warning: false,
      status: suppressed ? 2 : 0,
      resource: 'aws_s3_bucket.a',
      location: { filename: path, start_line: line, end_line: line },
    }));
    return { results: results.length === 0 ? null : results };
  }),
};

const kics: RoundTrip = {
  name: 'kics',
  documents: fc
    .record({ all: findingsOf([...fourWords, ['INFO', 'info']]), style: jsonStyle, of: luck })
    .map(({ all, style, of }) => {
      // One severity a query.
      const found = all.map((each) => ({ ...each, rule: `${each.rule}-${each.word}` }));
      const queries = [...Map.groupBy(found, ({ rule }) => rule)].map(([query_id, own]) => ({
        query_name: own[0]!.message,
        query_id,
        query_url: 'https://example.com',
        severity: own[0]!.word,
        platform: 'Terraform',
        files: own.map(({ path: file_name, line }) => ({
          file_name,
          similarity_id: 's',
          line,
          issue_type: 'MissingAttribute',
          search_line: -1,
        })),
      }));
      const report = {
        kics_version: 'v2.1.3',
        files_scanned: 4,
        files_parsed: 4,
        files_failed_to_scan: 0,
        queries_total: 900,
        queries_failed_to_execute: 0,
        severity_counters: { HIGH: 1 },
        total_counter: found.length,
        start: '2026-03-02T08:15:04Z',
        end: '2026-03-02T08:15:09Z',
        paths: ['/shop'],
        queries: queries.length === 0 && of() % 2 ? null : queries,
      };
      return { path: 'kics.json', text: writeJson(report, style), expected: [securityIssues('configuration', found)] };
    }),
};

const trufflehog: RoundTrip = {
  name: 'trufflehog',
  documents: fc
    .record({
      all: findingsOf([
        ['verified', 'critical'],
        ['unverified', 'high'],
      ]).filter((all) => all.length > 0),
      style: jsonStyle,
      log: seldom,
      of: luck,
    })
    .map(({ all, style, log, of }) => {
      const values = all.map(({ id, rule, word, path: file, line }) => ({
        SourceMetadata: {
          Data:
            of() % 2 ? { Git: { commit: 'abc', file, line, email: 'a@example.com' } } : { Filesystem: { file, line } },
        },
        SourceID: 1,
        SourceType: 16,
        DetectorType: 2,
        DetectorName: rule,
        DecoderName: 'PLAIN',
        Verified: word === 'verified',
        Raw: `secret-${id}`,
        Redacted: '',
        ExtraData: null,
      }));
      const end = {
        level: 'info-0',
        ts: '2026-03-02T08:15:04Z',
        logger: 'trufflehog',
        msg: 'finished scanning',
        chunks: 9,
      };
      return {
        path: 'trufflehog.json',
        text: writeJsonLines(log ? [...values, end] : values, style),
        expected: [securityIssues('secrets', all)],
      };
    }),
};

const detectSecrets: RoundTrip = {
  name: 'detect-secrets',
  documents: jsonDocuments(
    'detect-secrets.json',
    'secrets',
    findingsOf(
      [
        ['verified', 'critical'],
        ['unverified', 'high'],
      ],
      true,
    ).map((all) => all.map((each) => (each.word === 'verified' ? { ...each, suppressed: false } : each))),
    (all) => ({
      version: '1.5.0',
      plugins_used: [{ name: 'AWSKeyDetector' }],
      filters_used: [{ path: 'detect_secrets.filters.allowlist.is_line_allowlisted' }],
      results: Object.fromEntries(
        byPath(all).map(([filename, own]) => [
          filename,
          own.map(({ rule, word, line, suppressed }) => ({
            type: rule,
            filename,
            hashed_secret: '2aae6c35c94fcfb415dbe95f408b9ce91ee846ed',
            is_verified: word === 'verified',
            line_number: line,
            ...(suppressed ? { is_secret: false } : {}),
          })),
        ]),
      ),
      generated_at: '2026-03-02T08:15:04Z',
    }),
  ),
};

const gitlabWords: readonly Word[] = [
  ['Critical', 'critical'],
  ['High', 'high'],
  ['Medium', 'medium'],
  ['Low', 'low'],
  ['Info', 'info'],
  ['Unknown', 'unknown'],
];

const gitlabSast: RoundTrip = {
  name: 'gitlab SAST',
  documents: fc
    .record({ all: apart(findingsOf(gitlabWords)), style: jsonStyle, of: luck })
    .map(({ all, style, of }) => {
      const report = {
        version: '15.1.4',
        vulnerabilities: all.map(({ id, rule, word, message, path: file, line }) => ({
          id: `v${id}`,
          category: 'sast',
          name: message,
          description: message,
          severity: word,
          scanner: { id: 'semgrep', name: 'Semgrep' },
          location: { file, start_line: line, end_line: line },
          identifiers: [{ type: 'semgrep_id', name: rule, value: rule }],
          ...withLuck({ cve: `${file}:${rule}`, flags: [], details: {} }, of),
        })),
        scan: {
          analyzer: { id: 'semgrep', name: 'Semgrep', vendor: { name: 'GitLab' }, version: '5.0.0' },
          scanner: { id: 'semgrep', name: 'Semgrep', vendor: { name: 'GitLab' }, version: '1.99.0' },
          type: 'sast',
          start_time: '2026-03-02T08:15:04',
          end_time: '2026-03-02T08:15:09',
          status: 'success',
        },
      };
      const items = all.map(({ rule, severity, path, line }) => ({
        ids: expect.arrayContaining([rule]) as string[],
        severity,
        path,
        line,
      }));
      return { path: 'gl-sast-report.json', text: writeJson(report, style), expected: [securityFact('code', items)] };
    }),
};

export const securityReports: readonly RoundTrip[] = [
  sarifCode,
  sarifSecurity,
  semgrep,
  gitleaks,
  gitleaksOld,
  bandit,
  banditLines,
  gosec,
  checkov,
  tfsec,
  kics,
  trufflehog,
  detectSecrets,
  gitlabSast,
];
