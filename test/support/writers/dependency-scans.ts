/** Writers of scans of dependencies and containers. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { RoundTrip } from '../round-trip.ts';
import { jsonStyle, luck, often, withLuck, writeJson } from './documents.ts';
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

/** Packages of a language, of the operating system, configuration and secrets, in this order. */
const trivy: RoundTrip = {
  name: 'trivy',
  documents: fc.record({ all: flawsOf(upperWords, true), style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const part = (index: number): readonly Flaw[] => all.filter(({ id }) => id % 4 === index);
    const found = (flaw: Flaw): object => ({
      VulnerabilityID: flaw.cve,
      VendorIDs: [flaw.ghsa, 'DSA-1-1'],
      PkgID: `${flaw.component}@${flaw.version}`,
      PkgName: flaw.component,
      InstalledVersion: flaw.version,
      FixedVersion: flaw.fixedIn,
      Status: 'fixed',
      Severity: flaw.word,
      Title: flaw.title,
      CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', V3Score: 9.8 } },
    });
    const vulnerabilities = (own: readonly Flaw[]): object => {
      const open = own.filter(({ suppressed }) => !suppressed).map(found);
      const modified = own
        .filter(({ suppressed }) => suppressed)
        .map((flaw) => ({
          Type: 'vulnerability',
          Status: 'ignored',
          Statement: flaw.title,
          Source: '.trivyignore',
          Finding: found(flaw),
        }));
      return {
        ...(open.length > 0 ? { Vulnerabilities: open } : of() % 2 ? { Vulnerabilities: null } : {}),
        ...(modified.length > 0 ? { ExperimentalModifiedFindings: modified } : {}),
      };
    };
    const checks = part(2).map((flaw) => ({
      Type: 'Dockerfile Security Check',
      ID: `DS${flaw.id}`,
      AVDID: `AVD-DS-${flaw.id}`,
      Title: flaw.title,
      Status: flaw.suppressed ? 'EXCEPTION' : 'FAIL',
      Severity: flaw.word,
      CauseMetadata: { Provider: 'Dockerfile', StartLine: flaw.id, Code: { Lines: null } },
    }));
    const passed = { ID: 'DS999', Title: 'fine', Status: 'PASS', Severity: 'CRITICAL' };
    const secrets = part(3).map((flaw) => ({
      RuleID: `rule-${flaw.id}`,
      Category: 'AWS',
      Severity: flaw.word,
      Title: flaw.title,
      StartLine: flaw.id,
      Match: '***',
    }));
    const report = {
      SchemaVersion: 2,
      CreatedAt: '2026-03-02T08:15:04.123456789+01:00',
      ArtifactName: 'shop:1',
      ArtifactType: 'container_image',
      Metadata: { ImageID: 'sha256:1' },
      Results: [
        { Target: 'package-lock.json', Class: 'lang-pkgs', Type: 'npm', ...vulnerabilities(part(0)) },
        { Target: 'shop:1 (debian 12.5)', Class: 'os-pkgs', Type: 'debian', ...vulnerabilities(part(1)) },
        { Target: 'Dockerfile', Class: 'config', Type: 'dockerfile', Misconfigurations: [passed, ...checks] },
        { Target: '/app/.env', Class: 'secret', ...(secrets.length > 0 ? { Secrets: secrets } : {}) },
      ],
    };
    const suppressedBy = (flaw: Flaw): object =>
      flaw.suppressed ? { suppressedBy: expect.any(String) as string } : {};
    const places = {
      configuration: part(2).map((flaw) => ({
        ids: [`DS${flaw.id}`, `AVD-DS-${flaw.id}`],
        severity: flaw.severity,
        path: 'Dockerfile',
        line: flaw.id,
        ...suppressedBy(flaw),
      })),
      secrets: part(3).map(({ id, severity }) => ({ ids: [`rule-${id}`], severity, path: '/app/.env', line: id })),
    };
    return {
      path: 'trivy.json',
      text: writeJson(report, style),
      expected: [
        securityFact('dependencies', issuesOf(part(0), ['cve', 'ghsa'], versioned)),
        securityFact('container', issuesOf(part(1), ['cve', 'ghsa'], versioned)),
        securityFact('configuration', places.configuration),
        securityFact('secrets', places.secrets),
      ],
    };
  }),
};

const grype: RoundTrip = {
  name: 'grype',
  documents: jsonDocuments({
    path: 'grype.json',
    flaws: flawsOf(
      [
        ['Critical', 'critical'],
        ['High', 'high'],
        ['Medium', 'medium'],
        ['Low', 'low'],
        ['Negligible', 'info'],
        ['Unknown', 'unknown'],
      ],
      true,
    ),
    items: (all) =>
      issuesOf(all, ['cve', 'ghsa'], (flaw) => ({ ...versioned(flaw), path: flaw.path, fixedIn: flaw.fixedIn })),
    write(all, of) {
      const match = (flaw: Flaw): object => ({
        vulnerability: {
          id: flaw.ghsa,
          dataSource: 'https://example.com',
          namespace: 'github:language:javascript',
          severity: flaw.word,
          urls: [],
          description: flaw.title,
          cvss: [],
          fix: { versions: [flaw.fixedIn], state: 'fixed' },
          advisories: [],
        },
        relatedVulnerabilities: [{ id: flaw.cve, dataSource: 'nvd', namespace: 'nvd:cpe', severity: 'High', cvss: [] }],
        matchDetails: [{ type: 'exact-direct-match' }],
        artifact: {
          id: flaw.component,
          name: flaw.component,
          version: flaw.version,
          type: 'npm',
          locations: [{ path: flaw.path, layerID: 'sha256:1' }],
          purl: `pkg:npm/${flaw.component}@${flaw.version}`,
        },
      });
      const ignored = all.filter(({ suppressed }) => suppressed);
      return {
        matches: all.filter(({ suppressed }) => !suppressed).map(match),
        ...(ignored.length > 0 || of() % 2
          ? {
              ignoredMatches: ignored.map((flaw) => ({
                ...match(flaw),
                appliedIgnoreRules: [{ vulnerability: flaw.ghsa, reason: flaw.title, namespace: '' }],
              })),
            }
          : {}),
        source: { type: 'directory', target: '/shop' },
        distro: { name: '', version: '', idLike: null },
        descriptor: {
          name: 'grype',
          version: '0.86.1',
          timestamp: '2026-03-02T08:15:04.5Z',
          db: { status: { built: 'x' } },
        },
      };
    },
  }),
};

const scores: readonly Word[] = [
  ['9.8', 'critical'],
  ['7.0', 'high'],
  ['5.5', 'medium'],
  ['3.9', 'low'],
  ['', 'unknown'],
];

const osvScanner: RoundTrip = {
  name: 'osv-scanner',
  documents: jsonDocuments({
    path: 'osv-scanner.json',
    flaws: flawsOf(scores, true),
    items: (all) =>
      issuesOf(all, ['cve', 'ghsa'], (flaw) => ({ ...versioned(flaw), path: flaw.path, fixedIn: flaw.fixedIn })),
    write: (all, of) => ({
      results: [...Map.groupBy(all, ({ path }) => path)].map(([path, inPath]) => ({
        source: { path, type: 'lockfile' },
        packages: byComponent(inPath).map(([name, own]) => ({
          package: { name, version: own[0]!.version, ecosystem: 'npm' },
          vulnerabilities: own.map((flaw) => ({
            id: flaw.ghsa,
            aliases: [flaw.cve],
            summary: flaw.title,
            modified: '2026-03-02T08:15:04Z',
            affected: [
              {
                package: { name, ecosystem: 'npm' },
                ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: flaw.fixedIn }] }],
              },
            ],
            ...withLuck({ references: [], schema_version: '1.6.0' }, of),
          })),
          groups: own.map((flaw) => ({
            ids: [flaw.ghsa],
            aliases: [flaw.cve, flaw.ghsa],
            max_severity: flaw.word,
            ...(flaw.suppressed || of() % 2
              ? { experimentalAnalysis: { [flaw.ghsa]: { called: !flaw.suppressed } } }
              : {}),
          })),
        })),
      })),
      experimental_config: { licenses: { summary: false, allowlist: null } },
    }),
  }),
};

const snyk: RoundTrip = {
  name: 'snyk',
  documents: jsonDocuments({
    path: 'snyk.json',
    flaws: flawsOf(lowerWords, true),
    items: (all) =>
      issuesOf(all, ['cve', 'ghsa'], (flaw) => ({
        ...versioned(flaw),
        ids: [flaw.cve, flaw.ghsa, `SNYK-JS-${flaw.id}`],
      })),
    write(all, of) {
      const found = (flaw: Flaw): object => ({
        id: `SNYK-JS-${flaw.id}`,
        title: flaw.title,
        CVSSv3: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        severity: flaw.word,
        ...(of() % 2 ? { severityWithCritical: flaw.word } : {}),
        identifiers: { CVE: [flaw.cve], CWE: ['CWE-1321'], GHSA: [flaw.ghsa] },
        packageName: flaw.component,
        name: flaw.component,
        version: flaw.version,
        fixedIn: [flaw.fixedIn],
        from: ['shop@1.0.0', `${flaw.component}@${flaw.version}`],
        semver: { vulnerable: ['<2.0.0'] },
        isUpgradable: true,
      });
      const project = (own: readonly Flaw[], name: string): object => {
        const open = own.filter(({ suppressed }) => !suppressed);
        const ignored = own.filter(({ suppressed }) => suppressed);
        // Once for each path to the package.
        const vulnerabilities = open.flatMap((flaw) => Array.from({ length: 1 + (of() % 3) }, () => found(flaw)));
        const ignore = ignored.map((flaw) => ({
          ...found(flaw),
          filtered: { ignored: [{ reason: flaw.title, expires: 'never' }] },
        }));
        return {
          vulnerabilities,
          ok: open.length === 0,
          dependencyCount: 12,
          org: 'shop',
          licensesPolicy: { severities: {} },
          packageManager: 'npm',
          filtered: { ignore, patch: [] },
          uniqueCount: open.length,
          projectName: name,
          displayTargetFile: 'package-lock.json',
          path: '/shop',
        };
      };
      if (of() % 2) return project(all, 'shop');
      return [
        project(
          all.filter(({ id }) => id % 2 === 0),
          'a',
        ),
        project(
          all.filter(({ id }) => id % 2 === 1),
          'b',
        ),
      ];
    },
  }),
};

const githubDependabot: RoundTrip = {
  name: 'github-dependabot',
  documents: fc
    .record({ all: flawsOf(lowerWords, true), style: jsonStyle, pages: often, of: luck })
    .map(({ all, style, pages, of }) => {
      const alerts = all.map((flaw) => ({
        number: flaw.id,
        state: flaw.suppressed ? (of() % 2 ? 'dismissed' : 'fixed') : 'open',
        dependency: { package: { ecosystem: 'npm', name: flaw.component }, manifest_path: flaw.path, scope: 'runtime' },
        security_advisory: {
          ghsa_id: flaw.ghsa,
          cve_id: flaw.cve,
          summary: flaw.title,
          description: flaw.title,
          severity: flaw.word,
          identifiers: [
            { value: flaw.ghsa, type: 'GHSA' },
            { value: flaw.cve, type: 'CVE' },
          ],
          cvss: { vector_string: null, score: 0 },
        },
        security_vulnerability: {
          package: { ecosystem: 'npm', name: flaw.component },
          severity: flaw.word,
          vulnerable_version_range: '< 2.0.0',
          first_patched_version: of() % 2 ? { identifier: flaw.fixedIn } : null,
        },
        dismissed_reason: flaw.suppressed ? 'tolerable_risk' : null,
        dismissed_comment: null,
      }));
      // `gh api --paginate` leaves one list behind the other.
      const lists = pages && alerts.length > 1 ? [alerts.slice(0, 1), alerts.slice(1)] : [alerts];
      const items = issuesOf(all, ['cve', 'ghsa'], ({ path }) => ({ path }));
      return {
        path: 'dependabot.json',
        text: lists.map((list) => writeJson(list, style)).join(''),
        expected: [securityFact('dependencies', items)],
      };
    }),
};

const gitlabDependencies: RoundTrip = {
  name: 'gitlab dependency scanning',
  documents: jsonDocuments({
    path: 'gl-dependency-scanning-report.json',
    flaws: flawsOf([
      ...dotnetWords.slice(0, 2),
      ['Medium', 'medium'],
      ['Low', 'low'],
      ['Info', 'info'],
      ['Unknown', 'unknown'],
    ]),
    items: (all) => issuesOf(all, ['cve', 'ghsa'], (flaw) => ({ ...versioned(flaw), path: flaw.path })),
    write: (all, of) => ({
      version: '15.1.4',
      vulnerabilities: all.map((flaw) => ({
        id: `v${flaw.id}`,
        name: flaw.title,
        description: flaw.title,
        severity: flaw.word,
        location: { file: flaw.path, dependency: { package: { name: flaw.component }, version: flaw.version } },
        identifiers: [
          { type: 'cve', name: flaw.cve, value: flaw.cve },
          { type: 'cwe', name: 'CWE-1321', value: '1321' },
          { type: 'ghsa', name: flaw.ghsa, value: flaw.ghsa },
        ],
      })),
      dependency_files:
        of() % 2
          ? []
          : [
              {
                path: 'package-lock.json',
                package_manager: 'npm',
                dependencies: [{ package: { name: 'a' }, version: '1' }],
              },
            ],
      scan: {
        scanner: { id: 'gemnasium', name: 'Gemnasium', version: '5.9.3' },
        type: 'dependency_scanning',
        status: 'success',
      },
    }),
  }),
};

export const dependencyScans: readonly RoundTrip[] = [
  trivy,
  grype,
  osvScanner,
  snyk,
  githubDependabot,
  gitlabDependencies,
];
