/** Writers of scans of running sites: their security, their accessibility, their speed. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { noSeverities, type Severity } from '../../../src/core/evidence/reading.ts';
import { byText, type RoundTrip } from '../round-trip.ts';
import { anyLine, jsonStyle, luck, often, writeJson, writeJsonLines, writeXml, xml, xmlStyle } from './documents.ts';
import { securityFact, type Word } from './finding-model.ts';

interface Alert {
  readonly id: number;
  readonly title: string;
  readonly word: string;
  readonly severity: Severity;
  readonly site: string;
  readonly path: string;
  readonly suppressed: boolean;
}

const sites = ['https://shop.example', 'http://127.0.0.1:8080', 'https://名.example'];

function alertsOf(words: readonly Word[], canSuppress = false): fc.Arbitrary<readonly Alert[]> {
  const alert = fc.record({
    title: anyLine,
    word: fc.constantFrom(...words),
    site: fc.constantFrom(...sites),
    path: fc.constantFrom('/', '/a?b=1&c=2', '/über/[id]', '/"quoted"'),
    suppressed: canSuppress ? fc.boolean() : fc.constant(false),
  });
  return fc
    .array(alert, { maxLength: 8 })
    .map((all) =>
      all.map(({ word: [word, severity], ...rest }, index) => ({ ...rest, id: index + 1, word, severity })),
    );
}

function itemsOf(all: readonly Alert[], of: (alert: Alert) => object): readonly object[] {
  return all.map((alert) => ({
    severity: alert.severity,
    ...(alert.suppressed ? { suppressedBy: expect.any(String) as string } : {}),
    ...of(alert),
  }));
}

const zapWords: readonly Word[] = [
  ['3', 'high'],
  ['2', 'medium'],
  ['1', 'low'],
  ['0', 'info'],
];

const zapItems = (all: readonly Alert[]): readonly object[] =>
  itemsOf(all, ({ id, site }) => ({ ids: [`ZAP-${10_000 + id}`], path: site }));

const bySite = (all: readonly Alert[]): readonly (readonly [site: string, own: readonly Alert[]])[] =>
  sites.map((site) => [site, all.filter((alert) => alert.site === site)] as const);

const zapJson: RoundTrip = {
  name: 'zap JSON',
  documents: fc.record({ all: alertsOf(zapWords, true), style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const report = {
      '@programName': 'ZAP',
      '@version': '2.15.0',
      '@generated': 'Mon, 2 Mar 2026 08:15:04',
      created: '2026-03-02T08:15:04.123Z',
      site: bySite(all).map(([site, own]) => ({
        '@name': site,
        '@host': 'shop.example',
        '@port': '443',
        '@ssl': 'true',
        alerts: own.map(({ id, title, word, suppressed, path }) => ({
          pluginid: `${10_000 + id}`,
          alertRef: `${10_000 + id}`,
          alert: title,
          name: title,
          riskcode: word,
          confidence: suppressed ? '0' : '2',
          riskdesc: 'High (Medium)',
          desc: '<p>text</p>',
          instances: Array.from({ length: of() % 3 }, () => ({
            uri: site + path,
            method: 'GET',
            param: '',
            attack: '',
            evidence: '',
          })),
          count: '2',
          solution: '',
          cweid: '79',
        })),
      })),
    };
    return { path: 'zap.json', text: writeJson(report, style), expected: [securityFact('dynamic', zapItems(all))] };
  }),
};

const zapXml: RoundTrip = {
  name: 'zap XML',
  documents: fc.record({ all: alertsOf(zapWords, true), style: xmlStyle, of: luck }).map(({ all, style, of }) => {
    const root = xml(
      'OWASPZAPReport',
      {
        programName: 'ZAP',
        version: '2.15.0',
        generated: 'Mon, 2 Mar 2026 08:15:04',
        created: '2026-03-02T08:15:04.123Z',
      },
      bySite(all).map(([name, own]) =>
        xml(
          'site',
          { name, host: 'shop.example', port: 443, ssl: 'true' },
          xml(
            'alerts',
            {},
            own.map(({ id, title, word, suppressed, path }) =>
              xml(
                'alertitem',
                {},
                xml('pluginid', {}, `${10_000 + id}`),
                xml('alert', {}, title),
                xml('name', {}, title),
                xml('riskcode', {}, word),
                xml('confidence', {}, suppressed ? '0' : '3'),
                xml('desc', {}, '<p>text</p>'),
                xml(
                  'instances',
                  {},
                  of() % 2 === 0 && xml('instance', {}, xml('uri', {}, path), xml('name', {}, 'no alert')),
                ),
              ),
            ),
          ),
        ),
      ),
    );
    return { path: 'zap.xml', text: writeXml(root, style), expected: [securityFact('dynamic', zapItems(all))] };
  }),
};

const nuclei: RoundTrip = {
  name: 'nuclei',
  documents: fc
    .record({
      all: alertsOf([
        ['critical', 'critical'],
        ['high', 'high'],
        ['medium', 'medium'],
        ['low', 'low'],
        ['info', 'info'],
        ['unknown', 'unknown'],
      ]),
      lines: often,
      style: jsonStyle,
      of: luck,
    })
    .map(({ all, lines, style, of }) => {
      const found = all.map(({ id, title, word, site, path }) => ({
        template: 'http/a.yaml',
        'template-id': `template-${id}`,
        info: {
          name: title,
          author: ['ada'],
          tags: ['tech'],
          severity: word,
          ...(of() % 2 ? { classification: { 'cve-id': null, 'cwe-id': ['cwe-200'] } } : {}),
        },
        ...(id % 2 ? { 'matcher-name': 'part' } : {}),
        type: 'http',
        host: site,
        'matched-at': site + path,
        'extracted-results': ['secret "}"'],
        timestamp: '2026-03-02T08:15:04.5+01:00',
        'matcher-status': true,
      }));
      const items = itemsOf(all, ({ id, site, path }) => ({
        ids: [`template-${id}${id % 2 ? ':part' : ''}`],
        path: site + path,
      }));
      const text = lines ? writeJsonLines(found, style) : writeJson(found, style);
      return { path: lines ? 'nuclei.jsonl' : 'nuclei.json', text, expected: [securityFact('dynamic', items)] };
    }),
};

const burp: RoundTrip = {
  name: 'burp',
  notices: /^places that these findings were seen at: /,
  documents: fc
    .record({
      all: alertsOf([
        ['High', 'high'],
        ['Medium', 'medium'],
        ['Low', 'low'],
        ['Information', 'info'],
      ]),
      style: xmlStyle,
      of: luck,
    })
    .map(({ all, style, of }) => {
      const root = xml(
        'issues',
        { burpVersion: '2024.5.5', exportTime: 'Mon Mar 02 08:15:04 CET 2026' },
        all.flatMap(({ id, title, site, path, word }) =>
          // Once for each place on the host.
          Array.from({ length: 1 + (of() % 2) }, (_, place) =>
            xml(
              'issue',
              {},
              xml('serialNumber', {}, `${10 * id + place}`),
              xml('type', {}, `${1000 + id}`),
              xml('name', {}, title),
              xml('host', { ip: '192.0.2.7' }, site),
              xml('path', {}, path),
              xml('location', {}, place === 0 ? path : '/other'),
              xml('severity', {}, word),
              xml('confidence', {}, 'Firm'),
              xml('issueDetail', {}, '<b>name</b>'),
              xml('requestresponse', {}, xml('request', { base64: 'true' }, 'R0VUIC8=')),
            ),
          ),
        ),
      );
      const items = itemsOf(all, ({ id, site, path }) => ({ ids: [`BURP-${1000 + id}`], path: site + path }));
      return { path: 'burp.xml', text: writeXml(root, style), expected: [securityFact('dynamic', items)] };
    }),
};

const niktoAlerts = alertsOf([['', 'unknown']]).map((all) => all.map((alert) => ({ ...alert, site: 'shop.example' })));
const niktoPath = ({ path }: Alert): string => `shop.example:443${path}`;

const niktoJson: RoundTrip = {
  name: 'nikto JSON',
  documents: fc.record({ all: niktoAlerts, list: often, style: jsonStyle }).map(({ all, list, style }) => {
    const host = {
      host: 'shop.example',
      ip: '192.0.2.7',
      port: '443',
      banner: 'nginx',
      vulnerabilities: all.map(({ id, path, title }) => ({
        id: `${999_000 + id}`,
        references: '',
        method: 'GET',
        url: path,
        msg: title,
      })),
    };
    const items = itemsOf(all, (alert) => ({ ids: [`NIKTO-${999_000 + alert.id}`], path: niktoPath(alert) }));
    return {
      path: 'nikto.json',
      text: writeJson(list ? [host] : host, style),
      expected: [securityFact('dynamic', items)],
    };
  }),
};

const niktoXml: RoundTrip = {
  name: 'nikto XML',
  documents: fc.record({ all: niktoAlerts, style: xmlStyle }).map(({ all, style }) => {
    const details = xml(
      'scandetails',
      {
        targetip: '192.0.2.7',
        targethostname: 'shop.example',
        targetport: 443,
        targetbanner: 'nginx',
        errors: 0,
        checks: 6544,
      },
      all.map(({ id, path, title }) =>
        xml(
          'item',
          { id: 999_000 + id, osvdbid: 0, method: 'GET' },
          xml('description', {}, title),
          xml('uri', {}, path),
          xml('namelink', {}, `https://shop.example${path}`),
        ),
      ),
      xml('statistics', { elapsed: 1, itemsfound: all.length, itemstested: 6544 }),
    );
    const root = xml('niktoscan', {}, xml('niktoscan', { version: '2.5.0', hoststest: 0 }, details));
    const items = itemsOf(all, (alert) => ({ ids: [`NIKTO-${999_000 + alert.id}`], path: niktoPath(alert) }));
    return { path: 'nikto.xml', text: writeXml(root, style), expected: [securityFact('dynamic', items)] };
  }),
};

const niktoCsv: RoundTrip = {
  name: 'nikto CSV',
  documents: fc.record({ all: niktoAlerts, lineBreak: fc.constantFrom('\n', '\r\n') }).map(({ all, lineBreak }) => {
    // What its first lines hold is told apart by the address alone.
    const found = all.map((alert) => ({ ...alert, path: `/page-${alert.id}` }));
    const row = (fields: readonly string[]): string =>
      fields.map((field) => `"${field.replaceAll('"', String.raw`\"`)}"`).join(',');
    const lines = [
      '"Nikto - v2.5.0/"',
      row(['shop.example', '192.0.2.7', '443', '', '', '', 'nginx "x"']),
      ...found.map(({ path, title, id }) =>
        row(['shop.example', '192.0.2.7', '443', `CVE-2026-${10_000 + id}`, 'GET', path, title]),
      ),
    ];
    const items = itemsOf(found, (alert) => ({ ids: [`CVE-2026-${10_000 + alert.id}`], path: niktoPath(alert) }));
    return { path: 'nikto.csv', text: lines.join(lineBreak) + lineBreak, expected: [securityFact('dynamic', items)] };
  }),
};

const axeWords: readonly Word[] = [
  ['critical', 'critical'],
  ['serious', 'high'],
  ['moderate', 'medium'],
  ['minor', 'low'],
];

/** A rule that is violated on a page has one impact, and elements that may have one of their own. */
const axe: RoundTrip = {
  name: 'axe-core',
  notices: /^elements that axe could not judge/,
  documents: fc
    .record({ all: alertsOf(axeWords), list: often, style: jsonStyle, of: luck })
    .map(({ all, list, style, of }) => {
      const pages = (list ? bySite(all) : [[sites[0]!, all] as const]).map(([url, own]) => ({
        testEngine: { name: 'axe-core', version: '4.10.2' },
        testRunner: { name: 'axe' },
        toolOptions: {},
        url,
        timestamp: '2026-03-02T08:15:04.123Z',
        violations: own.map(({ id, title, word }) => ({
          id: `rule-${id}`,
          impact: word,
          tags: ['wcag2a'],
          help: title,
          description: title,
          nodes: [
            {
              any: [],
              html: '<a "}">',
              ...(of() % 2 ? { impact: word } : {}),
              target: of() % 2 ? ['a > b'] : [['#frame', 'a']],
            },
          ],
        })),
        passes: [{ id: 'document-title', nodes: [] }],
        incomplete: of() % 3 === 0 ? [{ id: 'color-contrast', nodes: [{ target: ['p'] }] }] : [],
        inapplicable: [],
      }));
      const counts = { ...noSeverities };
      for (const { severity } of all) counts[severity] += 1;
      const items = all
        .map(({ id, severity, site }) => ({ rule: `rule-${id}`, severity, path: list ? site : sites[0] }))
        .toSorted(byText);
      const fact = { kind: 'code-issues', counts, suppressed: 0, items };
      return { path: 'axe.json', text: writeJson(list ? pages : pages[0], style), expected: [fact] };
    }),
};

const lighthouse: RoundTrip = {
  name: 'lighthouse',
  documents: fc
    .record({ performance: fc.nat(100), accessibility: fc.nat(100), style: jsonStyle, url: anyLine })
    .map(({ performance, accessibility, style, url }) => {
      const report = {
        lighthouseVersion: '12.2.1',
        requestedUrl: url,
        finalUrl: url,
        fetchTime: '2026-03-02T08:15:04.123Z',
        gatherMode: 'navigation',
        runWarnings: [],
        userAgent: 'HeadlessChrome',
        audits: { 'first-contentful-paint': { id: 'first-contentful-paint', score: 0.9, numericValue: 1200.5 } },
        categories: {
          performance: { title: 'Performance', id: 'performance', score: performance / 100, auditRefs: [] },
          accessibility: { title: 'Accessibility', id: 'accessibility', score: accessibility / 100, auditRefs: [] },
        },
      };
      return {
        path: 'lighthouse.json',
        text: writeJson(report, style),
        expected: [
          { kind: 'measure', metric: 'page_performance', value: performance },
          { kind: 'measure', metric: 'accessibility', value: accessibility },
        ],
      };
    }),
};

export const dynamicReports: readonly RoundTrip[] = [
  zapJson,
  zapXml,
  nuclei,
  burp,
  niktoJson,
  niktoXml,
  niktoCsv,
  axe,
  lighthouse,
];
