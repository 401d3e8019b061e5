/** Writers of inventories that list vulnerabilities. */
import fc from 'fast-check';
import type { RoundTrip } from '../round-trip.ts';
import { unknownKeys, writeXml, xml, xmlStyle } from './documents.ts';
import { securityFact, type Word } from './finding-model.ts';
import {
  flawsOf,
  issuesOf,
  versioned,
  byComponent,
  jsonDocuments,
  upperWords,
  lowerWords,
  type Flaw,
} from './flaw-model.ts';

const dependencyCheckWords: readonly Word[] = [...upperWords.slice(0, 4), ['MODERATE', 'medium'], ['', 'unknown']];

function dependencyCheckItems(all: readonly Flaw[]): readonly object[] {
  return issuesOf(all, ['cve'], (flaw) => ({ ...versioned(flaw), path: flaw.path }));
}

const dependencyCheckJson: RoundTrip = {
  name: 'dependency-check JSON',
  documents: jsonDocuments({
    path: 'dependency-check-report.json',
    flaws: flawsOf(dependencyCheckWords, true),
    items: dependencyCheckItems,
    write(all, of) {
      const found = ({ cve, word, title }: Flaw): object => ({
        source: 'NVD',
        name: cve,
        severity: word,
        cwes: [],
        description: title,
        notes: '',
        references: [],
        vulnerableSoftware: [],
      });
      return {
        reportSchema: '1.1',
        scanInfo: { engineVersion: '11.1.1', dataSource: [] },
        projectInfo: { name: 'shop', reportDate: '2026-03-02T08:15:04.123Z', credits: {} },
        dependencies: [
          { isVirtual: false, fileName: 'clean.jar', filePath: '/shop/clean.jar' },
          ...byComponent(all).map(([name, own]) => {
            const open = own.filter(({ suppressed }) => !suppressed).map(found);
            const suppressed = own.filter((flaw) => flaw.suppressed).map(found);
            return {
              isVirtual: false,
              fileName: `${name}.js`,
              filePath: own[0]!.path,
              packages: [{ id: `pkg:npm/${name}@${own[0]!.version}`, confidence: 'HIGHEST' }],
              ...(open.length > 0 || of() % 2 ? { vulnerabilities: open } : {}),
              ...(suppressed.length > 0 ? { suppressedVulnerabilities: suppressed } : {}),
            };
          }),
        ],
      };
    },
  }),
};

const dependencyCheckXml: RoundTrip = {
  name: 'dependency-check XML',
  documents: fc.record({ all: flawsOf(dependencyCheckWords, true), style: xmlStyle }).map(({ all, style }) => {
    const root = xml(
      'analysis',
      { xmlns: 'https://jeremylong.github.io/DependencyCheck/dependency-check.4.0.xsd' },
      xml('scanInfo', {}, xml('engineVersion', {}, '11.1.1')),
      xml('projectInfo', {}, xml('name', {}, 'shop'), xml('reportDate', {}, '2026-03-02T08:15:04.123Z')),
      xml(
        'dependencies',
        {},
        xml(
          'dependency',
          { isVirtual: false },
          xml('fileName', {}, 'clean.jar'),
          xml('filePath', {}, '/shop/clean.jar'),
        ),
        byComponent(all).map(([name, own]) =>
          xml(
            'dependency',
            { isVirtual: false },
            xml('fileName', {}, `${name}.js`),
            xml('filePath', {}, own[0]!.path),
            xml('evidenceCollected', {}, xml('evidence', { type: 'vendor' }, xml('name', {}, 'CVE-1'))),
            xml(
              'identifiers',
              {},
              xml('package', { confidence: 'HIGHEST' }, xml('id', {}, `pkg:npm/${name}@${own[0]!.version}`)),
            ),
            xml(
              'vulnerabilities',
              {},
              own.map((flaw) =>
                xml(
                  flaw.suppressed ? 'suppressedVulnerability' : 'vulnerability',
                  { source: 'NVD' },
                  xml('name', {}, flaw.cve),
                  flaw.word !== '' && xml('severity', {}, flaw.word),
                  xml('description', {}, flaw.title),
                  xml('references', {}, xml('reference', {}, xml('name', {}, 'CVE-2'))),
                ),
              ),
            ),
          ),
        ),
      ),
    );
    return {
      path: 'dependency-check-report.xml',
      text: writeXml(root, style),
      expected: [securityFact('dependencies', dependencyCheckItems(all))],
    };
  }),
};

const dependencyTrack: RoundTrip = {
  name: 'dependency-track',
  documents: jsonDocuments({
    path: 'dependency-track.json',
    flaws: flawsOf([...upperWords.slice(0, 4), ['INFO', 'info'], ['UNASSIGNED', 'unknown']], true),
    items: (all) => issuesOf(all, ['cve', 'ghsa'], versioned),
    write(all, of) {
      const findings = all.map((flaw) => ({
        component: {
          uuid: 'u',
          name: flaw.component,
          version: flaw.version,
          purl: `pkg:npm/${flaw.component}@${flaw.version}`,
          project: 'p',
        },
        vulnerability: {
          uuid: 'v',
          source: 'NVD',
          vulnId: flaw.cve,
          title: flaw.title,
          severity: flaw.word,
          severityRank: 0,
          aliases: [{ cveId: flaw.cve, ghsaId: flaw.ghsa }],
        },
        analysis: flaw.suppressed
          ? of() % 2
            ? { state: 'FALSE_POSITIVE', isSuppressed: false }
            : { state: 'NOT_SET', isSuppressed: true }
          : { state: of() % 2 ? 'EXPLOITABLE' : 'NOT_SET', isSuppressed: false },
        matrix: 'p:c:v',
      }));
      if (findings.length > 0 && of() % 3 === 0) return findings;
      const meta = {
        application: 'Dependency-Track',
        version: '4.12.1',
        timestamp: '2026-03-02T08:15:04Z',
        baseUrl: 'https://example.com',
      };
      return { version: '1.2', meta, project: { uuid: 'p', name: 'shop' }, findings };
    },
  }),
};

const cyclonedxItems = (all: readonly Flaw[]): readonly object[] => issuesOf(all, ['cve', 'ghsa'], versioned);

const cyclonedxJson: RoundTrip = {
  name: 'cyclonedx JSON',
  documents: jsonDocuments({
    path: 'bom.json',
    flaws: flawsOf(lowerWords, true),
    items: cyclonedxItems,
    write(all, of) {
      const tool = { name: 'grype', version: '0.86.1' };
      return {
        $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
        bomFormat: 'CycloneDX',
        specVersion: of() % 2 ? '1.4' : '1.6',
        version: 1,
        metadata: {
          timestamp: '2026-03-02T08:15:04Z',
          tools: of() % 2 ? [tool] : { components: [{ type: 'application', ...tool }] },
        },
        components: [
          { type: 'library', 'bom-ref': 'clean', name: 'clean', version: '1.0' },
          ...byComponent(all).map(([name, own]) => ({
            type: 'library',
            'bom-ref': `ref-${name}`,
            name,
            version: own[0]!.version,
            ...(of() % 2 ? { purl: `pkg:npm/${name}@${own[0]!.version}` } : {}),
          })),
        ],
        vulnerabilities: all.map((flaw) => ({
          id: flaw.ghsa,
          source: { name: 'GitHub' },
          references: [{ id: flaw.cve, source: { name: 'NVD' } }],
          ratings: [{ severity: flaw.word, method: 'other' }],
          description: flaw.title,
          affects: [{ ref: `ref-${flaw.component}`, versions: [{ version: flaw.version, status: 'affected' }] }],
          ...(flaw.suppressed
            ? { analysis: { state: 'not_affected', justification: 'code_not_reachable', detail: flaw.title } }
            : {}),
        })),
        ...unknownKeys(of),
      };
    },
  }),
};

const cyclonedxXml: RoundTrip = {
  name: 'cyclonedx XML',
  documents: fc.record({ all: flawsOf(lowerWords, true), style: xmlStyle }).map(({ all, style }) => {
    const root = xml(
      'bom',
      { xmlns: 'http://cyclonedx.org/schema/bom/1.4', version: 1 },
      xml(
        'metadata',
        {},
        xml('timestamp', {}, '2026-03-02T08:15:04Z'),
        xml('tools', {}, xml('tool', {}, xml('name', {}, 'grype'), xml('version', {}, '0.86.1'))),
      ),
      xml(
        'components',
        {},
        byComponent(all).map(([name, own]) =>
          xml(
            'component',
            { type: 'library', 'bom-ref': `ref-${name}` },
            xml('name', {}, name),
            xml('version', {}, own[0]!.version),
            xml('licenses', {}, xml('license', {}, xml('id', {}, 'MIT'))),
          ),
        ),
        xml('component', { type: 'library' }, xml('name', {}, 'clean'), xml('version', {}, '1.0')),
      ),
      xml(
        'vulnerabilities',
        {},
        all.map((flaw) =>
          xml(
            'vulnerability',
            { 'bom-ref': `v${flaw.id}` },
            xml('id', {}, flaw.ghsa),
            xml('references', {}, xml('reference', {}, xml('id', {}, flaw.cve))),
            xml('ratings', {}, xml('rating', {}, xml('severity', {}, flaw.word))),
            xml('description', {}, flaw.title),
            flaw.suppressed && xml('analysis', {}, xml('state', {}, 'false_positive')),
            xml('affects', {}, xml('target', {}, xml('ref', {}, `ref-${flaw.component}`))),
          ),
        ),
      ),
    );
    return {
      path: 'bom.xml',
      text: writeXml(root, style),
      expected: [securityFact('dependencies', cyclonedxItems(all))],
    };
  }),
};

export const inventories: readonly RoundTrip[] = [
  dependencyCheckJson,
  dependencyCheckXml,
  dependencyTrack,
  cyclonedxJson,
  cyclonedxXml,
];
