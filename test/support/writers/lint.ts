/** Writers of the reports of linters. */
import fc from 'fast-check';
import type { Document, RoundTrip } from '../round-trip.ts';
import {
  jsonStyle,
  luck,
  unknownKeys,
  withLuck,
  writeJson,
  writeJsonLines,
  writeXml,
  xml,
  xmlStyle,
  type Luck,
  type Xml,
} from './documents.ts';
import { byPath, codeIssues, findingsOf, securityIssues, type Finding, type Word } from './finding-model.ts';

type Write<T> = (all: readonly Finding[], of: Luck) => T;
type Findings = fc.Arbitrary<readonly Finding[]>;

function jsonDocuments(path: string, findings: Findings, write: Write<unknown>): fc.Arbitrary<Document> {
  return fc
    .record({ all: findings, style: jsonStyle, of: luck })
    .map(({ all, style, of }) => ({ path, text: writeJson(write(all, of), style), expected: [codeIssues(all)] }));
}

function xmlDocuments(path: string, findings: Findings, write: Write<Xml>): fc.Arbitrary<Document> {
  return fc
    .record({ all: findings, style: xmlStyle, of: luck })
    .map(({ all, style, of }) => ({ path, text: writeXml(write(all, of), style), expected: [codeIssues(all)] }));
}

const someWords: readonly Word[] = [
  ['error', 'high'],
  ['warning', 'medium'],
  ['info', 'info'],
];

const checkstyle: RoundTrip = {
  name: 'checkstyle',
  documents: xmlDocuments('checkstyle.xml', findingsOf(someWords, true), (all, of) => {
    const prefix = of() % 2 ? 'eslint.rules.' : '';
    return xml(
      'checkstyle',
      { version: '10.3.4' },
      byPath(all).map(([name, own]) =>
        xml(
          'file',
          { name },
          own.map(({ line, word, suppressed, message, rule }) =>
            xml('error', {
              line,
              column: of() % 2 ? 7 : undefined,
              severity: suppressed ? 'ignore' : word,
              message,
              source: `${prefix}${rule}`,
            }),
          ),
        ),
      ),
      of() % 3 === 0 && xml('file', { name: 'clean.ts' }),
    );
  }),
};

/** `fatal` of the model is a file that does not parse. */
const eslint: RoundTrip = {
  name: 'eslint',
  notices: / was not linted: it does not parse$/,
  documents: jsonDocuments(
    'eslint.json',
    findingsOf(
      [
        ['2', 'high'],
        ['1', 'medium'],
        ['fatal', 'critical'],
      ],
      true,
    ).map((all) =>
      all.map((each) => (each.word === 'fatal' ? { ...each, rule: 'parse-error', suppressed: false } : each)),
    ),
    (all, of) => {
      const files = byPath(all).map(([filePath, own]) => {
        const messages = own.filter(({ suppressed }) => !suppressed);
        const number = (...words: readonly string[]): number =>
          messages.filter(({ word }) => words.includes(word)).length;
        const messageOf = ({ rule, word, message, line }: Finding): object => ({
          ruleId: word === 'fatal' ? null : rule,
          ...(word === 'fatal' ? { fatal: true } : {}),
          severity: word === 'fatal' ? 2 : Number(word),
          message,
          line,
          column: 3,
          nodeType: word === 'fatal' ? null : 'Identifier',
        });
        const suppressed = own.filter((each) => each.suppressed);
        return {
          filePath,
          messages: messages.map(messageOf),
          ...(suppressed.length > 0 || of() % 2
            ? {
                suppressedMessages: suppressed.map((each) => ({
                  ...messageOf(each),
                  suppressions: [{ kind: 'directive', justification: each.message }],
                })),
              }
            : {}),
          errorCount: number('2', 'fatal'),
          ...(of() % 2 ? { fatalErrorCount: number('fatal') } : {}),
          warningCount: number('1'),
          fixableErrorCount: 0,
          fixableWarningCount: 0,
          ...withLuck({ source: 'const a = "}";\n', usedDeprecatedRules: [] }, of),
        };
      });
      const clean = {
        filePath: '/shop/clean.js',
        messages: [],
        suppressedMessages: [],
        errorCount: 0,
        warningCount: 0,
      };
      const results = [...files, clean];
      return of() % 4 === 0 ? { results, metadata: { cwd: '/shop', rulesMeta: {} } } : results;
    },
  ),
};

const pmdPriorities: readonly Word[] = [
  ['1', 'critical'],
  ['2', 'high'],
  ['3', 'medium'],
  ['4', 'low'],
  ['5', 'info'],
];

const pmdXml: RoundTrip = {
  name: 'pmd XML',
  documents: xmlDocuments('pmd.xml', findingsOf(pmdPriorities, true), (all, of) =>
    xml(
      'pmd',
      {
        version: '7.8.0',
        timestamp: '2026-03-02T08:15:04.123+01:00',
        xmlns: of() % 2 ? 'http://pmd.sourceforge.net/report/2.0.0' : undefined,
      },
      byPath(all.filter(({ suppressed }) => !suppressed)).map(([name, own]) =>
        xml(
          'file',
          { name },
          own.map(({ line, word, rule, message }) =>
            xml(
              'violation',
              {
                beginline: line,
                endline: line,
                begincolumn: 1,
                endcolumn: 9,
                rule,
                ruleset: 'Best Practices',
                priority: word,
              },
              `\n${message}\n`,
            ),
          ),
        ),
      ),
      all
        .filter(({ suppressed }) => suppressed)
        .map(({ path: filename, message }) =>
          xml('suppressedviolation', { filename, suppressiontype: '//nopmd', msg: message, usermsg: '' }),
        ),
    ),
  ),
};

const pmdJson: RoundTrip = {
  name: 'pmd JSON',
  documents: jsonDocuments('pmd.json', findingsOf(pmdPriorities, true), (all, of) => ({
    formatVersion: 0,
    pmdVersion: '7.8.0',
    timestamp: '2026-03-02T08:15:04.123+01:00',
    files: byPath(all.filter(({ suppressed }) => !suppressed)).map(([filename, own]) => ({
      filename,
      violations: own.map(({ line, word, rule, message }) => ({
        beginline: line,
        begincolumn: 1,
        endline: line,
        endcolumn: 9,
        description: message,
        rule,
        ruleset: 'Design',
        priority: Number(word),
        externalInfoUrl: 'https://example.com/?a=1&b=2',
      })),
    })),
    suppressedViolations: all
      .filter(({ suppressed }) => suppressed)
      .map(({ path: filename }) => ({ filename, suppressiontype: 'nopmd' })),
    processingErrors: [],
    configurationErrors: [],
    ...unknownKeys(of),
  })),
};

const pmdCsv: RoundTrip = {
  name: 'pmd CSV',
  notices: /^the CSV does not say/,
  documents: fc
    .record({ all: findingsOf(pmdPriorities), lineBreak: fc.constantFrom('\n', '\r\n') })
    .map(({ all, lineBreak }) => {
      const cells = (values: readonly (string | number)[]): string =>
        values.map((value) => `"${String(value).replaceAll('"', '""')}"`).join(',');
      const header = cells(['Problem', 'Package', 'File', 'Priority', 'Line', 'Description', 'Rule set', 'Rule']);
      const records = all.map(({ path, word, line, message, rule }, index) =>
        cells([index + 1, 'com.shop', path, word, line, message, 'Design', rule]),
      );
      return { path: 'pmd.csv', text: [header, ...records].join(lineBreak) + lineBreak, expected: [codeIssues(all)] };
    }),
};

const spotbugs: RoundTrip = {
  name: 'spotbugs',
  documents: fc
    .record({
      all: findingsOf(
        [
          ['1', 'high'],
          ['2', 'medium'],
          ['3', 'low'],
        ],
        true,
      ),
      style: xmlStyle,
      totals: fc.boolean(),
    })
    .map(({ all, style, totals }) => {
      const isSecurity = ({ id }: Finding): boolean => id % 3 === 0;
      const root = xml(
        'BugCollection',
        { version: '4.8.6', sequence: 0, timestamp: 1_772_439_304_000, analysisTimestamp: 1_772_439_304_000 },
        xml('Project', { projectName: 'shop' }, xml('Jar', {}, '/shop/build')),
        all.map((bug) =>
          xml(
            'BugInstance',
            {
              type: bug.rule,
              priority: bug.word,
              rank: 18,
              abbrev: 'NP',
              category: isSecurity(bug) ? 'SECURITY' : 'CORRECTNESS',
              notAProblem: bug.suppressed ? 'true' : undefined,
            },
            xml('LongMessage', {}, bug.message),
            xml(
              'Class',
              { classname: 'com.Cart' },
              xml('SourceLine', { classname: 'com.Cart', start: 1, sourcepath: 'com/Cart.java' }),
            ),
            xml('SourceLine', {
              classname: 'com.Cart',
              start: bug.line,
              end: bug.line,
              sourcepath: bug.path,
              primary: 'true',
            }),
          ),
        ),
        xml('Errors', { errors: 0, missingClasses: 0 }),
        xml('FindBugsSummary', { total_classes: 7, ...(totals ? { total_bugs: all.length } : {}) }),
      );
      const security = all.filter(isSecurity);
      return {
        path: 'spotbugs.xml',
        text: writeXml(root, style),
        expected: [
          codeIssues(all.filter((bug) => !isSecurity(bug))),
          ...(security.length > 0 ? [securityIssues('code', security)] : []),
        ],
      };
    }),
};

const pylintWords: readonly Word[] = [
  ['error', 'high'],
  ['warning', 'medium'],
  ['refactor', 'low'],
  ['convention', 'low'],
  ['info', 'info'],
];

function pylintMessages(all: readonly Finding[], of: Luck): readonly object[] {
  return all.map(({ word, path, line, rule, message }) => ({
    type: word,
    module: 'shop.cart',
    obj: of() % 2 ? 'Cart' : '',
    line,
    column: 4,
    endLine: null,
    endColumn: null,
    path,
    symbol: rule,
    message,
    'message-id': 'W0612',
  }));
}

const pylintJson: RoundTrip = {
  name: 'pylint JSON',
  documents: jsonDocuments('pylint.json', findingsOf(pylintWords), pylintMessages),
};

const pylintJson2: RoundTrip = {
  name: 'pylint JSON 2',
  documents: jsonDocuments('pylint.json', findingsOf(pylintWords), (all, of) => {
    const count = (of: string): number => all.filter(({ word }) => word === of).length;
    const messageTypeCount = Object.fromEntries(pylintWords.map(([word]) => [word, count(word)]));
    return { messages: pylintMessages(all, of), statistics: { messageTypeCount, modulesLinted: 3, score: 7.5 } };
  }),
};

const pylintLetters: readonly Word[] = [
  ['E', 'high'],
  ['W', 'medium'],
  ['R', 'low'],
  ['C', 'low'],
];

const pylintText: RoundTrip = {
  name: 'pylint text',
  documents: fc
    .record({ all: findingsOf(pylintLetters), lineBreak: fc.constantFrom('\n', '\r\n') })
    .map(({ all, lineBreak }) => {
      const found = all.map((each) => ({ ...each, rule: `rule-${each.id}` }));
      const lines = found.map(
        ({ path, line, word, message, rule }) =>
          `${path}:${line}:4: ${word}0116: ${message.replaceAll(/\s/g, ' ')} (${rule})`,
      );
      const text = [
        '************* Module shop.cart',
        ...lines,
        '',
        '-----------',
        'Your code has been rated at 7.50/10',
      ].join(lineBreak);
      return { path: 'pylint.txt', text: text + lineBreak, expected: [codeIssues(found)] };
    }),
};

function ruffEntries(all: readonly Finding[], of: Luck): readonly object[] {
  return all.map(({ rule, message, path: filename, line, word }) => ({
    cell: null,
    code: rule,
    end_location: { column: 9, row: line },
    filename,
    fix: of() % 2 ? null : { applicability: 'safe', edits: [{ content: message }], message },
    location: { column: 1, row: line },
    message,
    noqa_row: line,
    ...(word === 'error' && of() % 2 ? {} : { severity: word }),
    url: null,
  }));
}

const ruffJson: RoundTrip = { name: 'ruff', documents: jsonDocuments('ruff.json', findingsOf(someWords), ruffEntries) };

const ruffLines: RoundTrip = {
  name: 'ruff JSON lines',
  documents: fc
    .record({ all: findingsOf(someWords).filter((all) => all.length > 0), style: jsonStyle, of: luck })
    .map(({ all, style, of }) => ({
      path: 'ruff.jsonl',
      text: writeJsonLines(ruffEntries(all, of), style),
      expected: [codeIssues(all)],
    })),
};

const rubocop: RoundTrip = {
  name: 'rubocop',
  notices: /^offenses that RuboCop has corrected/,
  documents: jsonDocuments(
    'rubocop.json',
    findingsOf(
      [
        ['fatal', 'critical'],
        ['error', 'high'],
        ['warning', 'medium'],
        ['convention', 'low'],
        ['refactor', 'low'],
      ],
      true,
    ),
    (all, of) => {
      const files = byPath(all).map(([path, own]) => ({
        path,
        offenses: own.map(({ rule, word, message, line, suppressed }) => ({
          severity: word,
          message,
          cop_name: rule,
          corrected: suppressed,
          correctable: true,
          location: {
            ...(of() % 3 ? { start_line: line } : {}),
            start_column: 1,
            last_line: line,
            length: 4,
            line,
            column: 1,
          },
        })),
      }));
      const clean = { path: 'clean.rb', offenses: [] };
      const summary = {
        offense_count: all.length,
        target_file_count: files.length + 1,
        inspected_file_count: files.length + 1,
      };
      return { metadata: { rubocop_version: '1.69.2', ruby_engine: 'ruby' }, files: [clean, ...files], summary };
    },
  ),
};

const stylelint: RoundTrip = {
  name: 'stylelint',
  documents: jsonDocuments('stylelint.json', findingsOf(someWords.slice(0, 2)), (all, of) => [
    {
      source: '/shop/clean.css',
      deprecations: [],
      invalidOptionWarnings: [],
      parseErrors: [],
      errored: false,
      warnings: [],
    },
    ...byPath(all).map(([source, own]) => ({
      source,
      deprecations: [],
      invalidOptionWarnings: [],
      ...(of() % 2 ? { parseErrors: [] } : {}),
      errored: own.some(({ word }) => word === 'error'),
      warnings: own.map(({ line, rule, word, message }) => ({
        line,
        column: 2,
        endLine: line,
        rule,
        severity: word,
        text: message,
      })),
    })),
  ]),
};

const hadolint: RoundTrip = {
  name: 'hadolint',
  documents: jsonDocuments(
    'hadolint.json',
    findingsOf(
      [
        ['error', 'high'],
        ['warning', 'medium'],
        ['info', 'low'],
        ['style', 'info'],
      ],
      true,
    ).map((all) => all.map((each) => ({ ...each, rule: `${each.id % 2 ? 'DL' : 'SC'}${3000 + each.id}` }))),
    (all) =>
      all.map(({ rule: code, word, suppressed, message, path: file, line }) => ({
        code,
        column: 1,
        file,
        level: suppressed ? 'ignore' : word,
        line,
        message,
      })),
  ),
};

const golangciLint: RoundTrip = {
  name: 'golangci-lint',
  documents: jsonDocuments(
    'golangci-lint.json',
    findingsOf([
      ['', 'high'],
      ['error', 'high'],
      ['warning', 'medium'],
      ['info', 'info'],
    ]),
    (all, of) => {
      const issues = all.map(({ rule, message, word, path: Filename, line: Line }) => ({
        FromLinter: rule,
        Text: message,
        Severity: word,
        SourceLines: ['\tx := "}"'],
        Replacement: null,
        Pos: { Filename, Offset: 12, Line, Column: 2 },
        ExpectNoLint: false,
        ExpectedNoLintLinter: '',
      }));
      const linters = [{ Name: 'govet', Enabled: true, EnabledByDefault: true }, { Name: 'gosec' }];
      return { Issues: issues.length === 0 && of() % 2 ? null : issues, Report: { Linters: linters } };
    },
  ),
};

const codeclimateWords: readonly Word[] = [
  ['blocker', 'critical'],
  ['critical', 'high'],
  ['major', 'medium'],
  ['minor', 'low'],
  ['info', 'info'],
];

function codeclimateIssues(all: readonly Finding[], of: Luck): readonly object[] {
  return all.map(({ id, rule, message, word, path, line }) => ({
    ...withLuck({ type: 'issue', categories: ['Style'], engine_name: 'rubocop' }, of),
    check_name: rule,
    description: message,
    severity: word,
    fingerprint: `f${id}`,
    location:
      of() % 2 ? { path, lines: { begin: line, end: line } } : { path, positions: { begin: { line, column: 1 } } },
  }));
}

const codeclimateList: RoundTrip = {
  name: 'codeclimate',
  documents: jsonDocuments('gl-code-quality-report.json', findingsOf(codeclimateWords), codeclimateIssues),
};

const codeclimateStream: RoundTrip = {
  name: 'codeclimate stream',
  documents: fc
    .record({ all: findingsOf(codeclimateWords).filter((all) => all.length > 0), style: jsonStyle, of: luck })
    .map(({ all, style, of }) => ({
      path: 'codeclimate.json',
      text: codeclimateIssues(all, of)
        .map((issue) => `${writeJson(issue, style)}\0`)
        .join(style.lineBreak),
      expected: [codeIssues(all)],
    })),
};

export const lintReports: readonly RoundTrip[] = [
  checkstyle,
  eslint,
  pmdXml,
  pmdJson,
  pmdCsv,
  spotbugs,
  pylintJson,
  pylintJson2,
  pylintText,
  ruffJson,
  ruffLines,
  rubocop,
  stylelint,
  hadolint,
  golangciLint,
  codeclimateList,
  codeclimateStream,
];
