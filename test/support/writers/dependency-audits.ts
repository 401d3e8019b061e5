/** Writers of the audits that package managers make. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { RoundTrip } from '../round-trip.ts';
import { anyLine, writeJson, writeJsonLines, type Luck } from './documents.ts';
import { securityFact, type Word } from './finding-model.ts';
import {
  flawsOf,
  issuesOf,
  versioned,
  byComponent,
  jsonDocuments,
  upperWords,
  lowerWords,
  dotnetWords,
  type Flaw,
} from './flaw-model.ts';

const npmWords: readonly Word[] = [
  ['critical', 'critical'],
  ['high', 'high'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['info', 'info'],
];

/** The worst of the own advisories of a package. */
function worst(own: readonly Flaw[], words: readonly Word[]): Word {
  return words.find(([word]) => own.some((flaw) => flaw.word === word))!;
}

function npmTotals(words: readonly string[]): object {
  const number = (word: string): number => words.filter((each) => each === word).length;
  return { ...Object.fromEntries(npmWords.map(([word]) => [word, number(word)])), total: words.length };
}

const npm: RoundTrip = {
  name: 'npm-audit',
  notices: /^npm counts /,
  documents: jsonDocuments({
    path: 'npm-audit.json',
    flaws: flawsOf(npmWords),
    items: (all) => [
      ...issuesOf(all, ['ghsa']),
      ...byComponent(all).map(([component, own]) => ({
        ids: [`npm:dependent:uses-${component}`],
        severity: worst(own, npmWords)[1],
        component: `uses-${component}`,
        suppressedBy: expect.any(String) as string,
      })),
    ],
    write(all, of) {
      const packages = byComponent(all).flatMap(([name, own]) => {
        const [severity] = worst(own, npmWords);
        const common = { severity, isDirect: false, range: '<2.0.0', nodes: [`node_modules/${name}`] };
        const via = own.map((flaw) => ({
          source: 1_090_000 + flaw.id,
          name,
          dependency: name,
          title: flaw.title,
          url: `https://github.com/advisories/${flaw.ghsa}`,
          severity: flaw.word,
          cwe: ['CWE-1321'],
          ...(of() % 2 ? { cvss: { score: 7.5, vectorString: null } } : {}),
          range: '<2.0.0',
        }));
        const fixAvailable = of() % 2 ? { name, version: own[0]!.fixedIn, isSemVerMajor: true } : of() % 2 === 0;
        return [
          [`uses-${name}`, { name: `uses-${name}`, ...common, via: [name], effects: [], fixAvailable: false }],
          [name, { name, ...common, via, effects: [`uses-${name}`], fixAvailable }],
        ] as const;
      });
      const dependencies = { prod: 9, dev: 3, optional: 0, peer: 0, peerOptional: 0, total: 12 };
      const vulnerabilities = npmTotals(packages.map(([, { severity }]) => severity));
      return {
        auditReportVersion: 2,
        vulnerabilities: Object.fromEntries(packages),
        metadata: { vulnerabilities, dependencies },
      };
    },
  }),
};

function npmAdvisory(flaw: Flaw, of: Luck): object {
  return {
    findings: [{ version: flaw.version, paths: [flaw.component, `a>${flaw.component}`] }],
    id: 1000 + flaw.id,
    title: flaw.title,
    module_name: flaw.component,
    cves: [flaw.cve],
    vulnerable_versions: '<2.0.0',
    patched_versions: `>=${flaw.fixedIn}`,
    overview: flaw.title,
    severity: flaw.word,
    ...(of() % 2 ? { github_advisory_id: flaw.ghsa } : {}),
    url: `https://github.com/advisories/${flaw.ghsa}`,
  };
}

const npm6: RoundTrip = {
  name: 'npm-audit of npm 6',
  documents: jsonDocuments({
    path: 'npm-audit.json',
    flaws: flawsOf(npmWords),
    items: (all) =>
      issuesOf(all, ['cve', 'ghsa'], (flaw) => ({ componentVersion: flaw.version, fixedIn: flaw.fixedIn })),
    write: (all, of) => ({
      actions: [],
      advisories: Object.fromEntries(all.map((flaw) => [1000 + flaw.id, npmAdvisory(flaw, of)])),
      muted: [],
      metadata: {
        vulnerabilities: npmTotals(all.map(({ word }) => word)),
        dependencies: 12,
        devDependencies: 0,
        totalDependencies: 12,
      },
    }),
  }),
};

const yarn: RoundTrip = {
  name: 'yarn-audit',
  documents: jsonDocuments({
    path: 'yarn-audit.jsonl',
    flaws: flawsOf(npmWords),
    items: (all) => issuesOf(all, ['cve', 'ghsa'], versioned),
    // The summary counts paths, and each of them is listed.
    write(all, of) {
      const lines = all.flatMap((flaw) => {
        const advisory = npmAdvisory(flaw, of);
        return Array.from({ length: 1 + (of() % 2) }, (_, path) => ({
          type: 'auditAdvisory',
          data: { resolution: { id: 1000 + flaw.id, path: `${path}>${flaw.component}`, dev: false }, advisory },
        }));
      });
      const vulnerabilities = { info: lines.length, low: 0, moderate: 0, high: 0, critical: 0 };
      return [
        ...lines,
        { type: 'auditSummary', data: { vulnerabilities, dependencies: 9, devDependencies: 0, totalDependencies: 9 } },
      ];
    },
    // Yarn writes the type first.
    text: (lines, style) => writeJsonLines(lines as readonly object[], { ...style, sorted: false }),
  }),
};

const composer: RoundTrip = {
  name: 'composer-audit',
  notices: /^abandoned packages: /,
  documents: jsonDocuments({
    path: 'composer-audit.json',
    flaws: flawsOf([...lowerWords, ['', 'unknown']], true),
    items: (all) =>
      issuesOf(all, ['cve', 'ghsa']).map((item, index) => ({
        ...item,
        ids: [all[index]!.cve, all[index]!.ghsa, `PKSA-${index + 1}`],
      })),
    write(all, of) {
      const advisory = (flaw: Flaw): object => ({
        advisoryId: `PKSA-${flaw.id}`,
        packageName: flaw.component,
        affectedVersions: '<2.0.0',
        title: flaw.title,
        cve: flaw.cve,
        link: `https://github.com/advisories/${flaw.ghsa}`,
        reportedAt: '2026-03-02T08:15:04+00:00',
        sources: [{ name: 'GitHub', remoteId: flaw.ghsa }],
        severity: flaw.word || null,
        ...(flaw.suppressed ? { ignoreReason: of() % 2 ? flaw.title : null } : {}),
      });
      // PHP writes an empty map as a list.
      const map = (own: readonly Flaw[]): unknown =>
        own.length === 0 ? [] : Object.fromEntries(byComponent(own).map(([name, list]) => [name, list.map(advisory)]));
      const ignored = all.filter(({ suppressed }) => suppressed);
      return {
        advisories: map(all.filter(({ suppressed }) => !suppressed)),
        ...(ignored.length > 0 || of() % 2 ? { 'ignored-advisories': map(ignored) } : {}),
        abandoned: of() % 2 ? [] : { 'old/package': null },
      };
    },
  }),
};

const pipAudit: RoundTrip = {
  name: 'pip-audit',
  notices: /^dependencies that could not be audited: /,
  documents: jsonDocuments({
    path: 'pip-audit.json',
    flaws: flawsOf([['', 'unknown']]),
    items: (all) => issuesOf(all, ['cve', 'ghsa'], (flaw) => ({ ...versioned(flaw), fixedIn: flaw.fixedIn })),
    write(all, of) {
      const dependencies = [
        { name: 'clean', version: '1.0', vulns: [] },
        ...byComponent(all).map(([name, own]) => ({
          name,
          version: own[0]!.version,
          vulns: own.map((flaw) => ({
            id: flaw.ghsa,
            fix_versions: [flaw.fixedIn],
            aliases: [flaw.cve],
            description: flaw.title,
          })),
        })),
        ...(of() % 3 === 0 ? [{ name: 'own', skip_reason: 'not on the index' }] : []),
      ];
      return of() % 3 === 0 ? dependencies : { dependencies, fixes: [] };
    },
  }),
};

const vectors: readonly Word[] = [
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'critical'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 'high'],
  ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N', 'medium'],
  ['CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', 'low'],
  ['', 'unknown'],
];

const cargoAudit: RoundTrip = {
  name: 'cargo-audit',
  notices: /^warnings that are no vulnerabilities: /,
  documents: jsonDocuments({
    path: 'cargo-audit.json',
    flaws: flawsOf(vectors),
    items: (all) =>
      issuesOf(all, ['cve', 'ghsa'], versioned).map((item, index) => ({
        ...item,
        ids: [all[index]!.cve, `RUSTSEC-2026-${index + 1}`],
      })),
    write: (all, of) => ({
      settings: {
        target_arch: [],
        target_os: [],
        severity: null,
        ignore: [],
        informational_warnings: ['unmaintained'],
      },
      database: { 'advisory-count': 700, 'last-commit': 'abc', 'last-updated': '2026-03-02T08:15:04Z' },
      lockfile: { 'dependency-count': 12 },
      vulnerabilities: {
        found: all.length > 0,
        count: all.length,
        list: all.map((flaw) => ({
          advisory: {
            id: `RUSTSEC-2026-${flaw.id}`,
            package: flaw.component,
            title: flaw.title,
            description: flaw.title,
            date: '2026-03-02',
            aliases: [flaw.cve],
            cvss: flaw.word || null,
          },
          versions: { patched: [`>=${flaw.fixedIn}`], unaffected: [] },
          affected: null,
          package: { name: flaw.component, version: flaw.version, source: 'registry+https://example.com' },
        })),
      },
      warnings: of() % 2 ? {} : { unmaintained: [{ kind: 'unmaintained', package: { name: 'old' } }] },
    }),
  }),
};

const bundlerJson: RoundTrip = {
  name: 'bundler-audit JSON',
  documents: jsonDocuments({
    path: 'bundler-audit.json',
    flaws: flawsOf([...lowerWords, ['none', 'info']]),
    items: (all) => issuesOf(all, ['cve', 'ghsa'], versioned),
    write: (all) => ({
      version: '0.9.2',
      created_at: '2026-03-02 08:15:04 +0100',
      results: all.map((flaw) => ({
        type: 'unpatched_gem',
        gem: { name: flaw.component, version: flaw.version },
        advisory: {
          path: '/db/a.yml',
          id: flaw.cve,
          url: 'https://example.com',
          title: flaw.title,
          cvss_v2: null,
          cvss_v3: 5.3,
          cve: flaw.cve.slice(4),
          osvdb: null,
          ghsa: flaw.ghsa.slice(5),
          criticality: flaw.word,
          patched_versions: [`>= ${flaw.fixedIn}`],
        },
      })),
    }),
  }),
};

const bundlerText: RoundTrip = {
  name: 'bundler-audit text',
  documents: fc
    .record({
      all: flawsOf(
        lowerWords.map(([word, severity]) => [`${word[0]!.toUpperCase()}${word.slice(1)}`, severity] as const),
      ),
      title: anyLine,
      lineBreak: fc.constantFrom('\n', '\r\n'),
    })
    .map(({ all, title, lineBreak }) => {
      const entries = all.flatMap((flaw) => [
        `Name: ${flaw.component}`,
        `Version: ${flaw.version}`,
        `CVE: ${flaw.cve}`,
        `GHSA: ${flaw.ghsa}`,
        `Criticality: ${flaw.word}`,
        'URL: https://example.com/a?b=1',
        `Title: ${title}`,
        `Solution: update to '>= ${flaw.fixedIn}'`,
        '',
      ]);
      const text =
        [...entries, all.length > 0 ? 'Vulnerabilities found!' : 'No vulnerabilities found'].join(lineBreak) +
        lineBreak;
      const items = issuesOf(all, ['cve', 'ghsa'], versioned);
      return { path: 'bundler-audit.txt', text, expected: [securityFact('dependencies', items)] };
    }),
};

const govulncheck: RoundTrip = {
  name: 'govulncheck',
  notices: /^entries of the database that do not concern the program: /,
  documents: jsonDocuments({
    path: 'govulncheck.json',
    flaws: flawsOf([...upperWords.slice(0, 4), ['', 'unknown']], true),
    items: (all) =>
      issuesOf(all, ['cve', 'ghsa'], versioned).map((item, index) => ({
        ...item,
        ids: [all[index]!.cve, all[index]!.ghsa, `GO-2026-${index + 1}`],
      })),
    write(all, of) {
      const config = {
        protocol_version: 'v1.0.0',
        scanner_name: 'govulncheck',
        scanner_version: 'v1.1.4',
        db: 'https://vuln.go.dev',
        scan_level: 'symbol',
      };
      const entry = (id: string, flaw?: Flaw): object => ({
        osv: {
          schema_version: '1.3.1',
          id,
          aliases: flaw ? [flaw.cve, flaw.ghsa] : [],
          summary: flaw?.title ?? '',
          ...(flaw?.word ? { database_specific: { severity: flaw.word } } : {}),
        },
      });
      const finding = (flaw: Flaw, called: boolean): object => ({
        finding: {
          osv: `GO-2026-${flaw.id}`,
          fixed_version: flaw.fixedIn,
          trace: [
            { module: flaw.component, version: flaw.version, ...(called ? { package: 'p', function: 'F' } : {}) },
          ],
        },
      });
      return [
        { config },
        { progress: { message: 'Scanning {your} code…' } },
        ...(of() % 2 ? [entry('GO-1999-1')] : []),
        ...all.map((flaw) => entry(`GO-2026-${flaw.id}`, flaw)),
        ...all.flatMap((flaw) => [finding(flaw, false), ...(flaw.suppressed ? [] : [finding(flaw, true)])]),
      ];
    },
    text: (messages, style) =>
      (messages as readonly object[]).map((message) => writeJson(message, style)).join(style.lineBreak),
  }),
};

const dotnetJson: RoundTrip = {
  name: 'dotnet-vulnerable JSON',
  documents: jsonDocuments({
    path: 'dotnet-vulnerable.json',
    flaws: flawsOf(dotnetWords),
    items: (all) => issuesOf(all, ['ghsa'], versioned),
    write(all, of) {
      const packages = byComponent(all).map(([id, own]) => ({
        id,
        requestedVersion: own[0]!.version,
        resolvedVersion: own[0]!.version,
        vulnerabilities: own.map((flaw) => ({
          severity: flaw.word,
          advisoryurl: `https://github.com/advisories/${flaw.ghsa}`,
        })),
      }));
      const half = Math.floor(packages.length / 2);
      const frameworks = ['net8.0', 'net9.0'].map((framework) => ({
        framework,
        topLevelPackages: packages.slice(0, half),
        transitivePackages: packages.slice(half),
      }));
      return {
        version: 1,
        parameters: '--vulnerable --include-transitive',
        sources: ['https://api.nuget.org/v3/index.json'],
        projects: [{ path: 'C:/shop/Shop.csproj', ...(packages.length > 0 || of() % 2 ? { frameworks } : {}) }],
      };
    },
  }),
};

const dotnetText: RoundTrip = {
  name: 'dotnet-vulnerable text',
  documents: fc
    .record({ all: flawsOf(dotnetWords), lineBreak: fc.constantFrom('\n', '\r\n') })
    .map(({ all, lineBreak }) => {
      const rows = byComponent(all).flatMap(([name, own]) =>
        own.map((flaw, index) => {
          const start = index === 0 ? `   > ${name}      ${flaw.version}      ${flaw.version}      ` : ' '.repeat(40);
          return `${start}${flaw.word}      https://github.com/advisories/${flaw.ghsa}   `;
        }),
      );
      const lines =
        all.length === 0
          ? ['The given project `Shop` has no vulnerable packages given the current sources.']
          : [
              'The following sources were used:',
              '   https://api.nuget.org/v3/index.json',
              '',
              'Project `Shop` has the following vulnerable packages',
              '   [net8.0]: ',
              '   Top-level Package      Requested   Resolved   Severity   Advisory URL',
              ...rows,
            ];
      const items = issuesOf(all, ['ghsa'], versioned);
      return {
        path: 'dotnet-vulnerable.txt',
        text: lines.join(lineBreak) + lineBreak,
        expected: [securityFact('dependencies', items)],
      };
    }),
};

export const dependencyAudits: readonly RoundTrip[] = [
  npm,
  npm6,
  yarn,
  composer,
  pipAudit,
  cargoAudit,
  bundlerJson,
  bundlerText,
  govulncheck,
  dotnetJson,
  dotnetText,
];
