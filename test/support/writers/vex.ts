/** Writers of what a maker says of vulnerabilities (VEX), and of inventories. */
import fc from 'fast-check';
import type { VexStatement } from '../../../src/core/evidence/reading.ts';
import type { RoundTrip } from '../round-trip.ts';
import { jsonStyle, luck, writeJson } from './documents.ts';
import { securityFact } from './finding-model.ts';

interface Statement {
  readonly cve: string;
  readonly status: VexStatement['status'];
  readonly product: string;
  readonly component: string;
}

const statements: fc.Arbitrary<readonly Statement[]> = fc
  .array(
    fc.record({
      status: fc.constantFrom<VexStatement['status']>('not_affected', 'affected', 'fixed', 'under_investigation'),
      product: fc.constantFrom('pkg:oci/shop@sha256%3Aabc', 'pkg:npm/%40shop/cart@1.0.0'),
      component: fc.constantFrom('pkg:npm/lodash@4.17.20', 'pkg:deb/debian/zlib1g@1.2.13'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((each, index) => ({ ...each, cve: `CVE-2026-${10_001 + index}` })));

const openvex: RoundTrip = {
  name: 'openvex',
  notices: /^statements that a later one replaces: /,
  documents: fc.record({ all: statements, style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const justification = (status: string): object =>
      status === 'not_affected' ? { justification: 'component_not_present' } : {};
    const written = all.map(({ cve, status, product, component }) => ({
      vulnerability: of() % 3 ? { name: cve, aliases: [] } : cve,
      timestamp: '2026-03-02T08:15:04Z',
      products: [
        {
          '@id': product,
          subcomponents: [of() % 2 ? { '@id': component } : { '@id': 'other', identifiers: { purl: component } }],
        },
      ],
      status,
      ...justification(status),
    }));
    // An earlier word on the same, which the later one replaces, wherever it stands.
    const earlier = written
      .slice(0, of() % 2)
      .map((statement) => ({ ...statement, status: 'under_investigation', timestamp: '2025-01-01T00:00:00Z' }));
    const document = {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'https://shop.example/vex-1',
      author: 'Shop',
      timestamp: '2026-03-02T08:15:04Z',
      version: 1,
      statements: of() % 2 ? [...written, ...earlier] : [...earlier, ...written],
    };
    const expected = all.map(({ cve, status, product, component }) => ({
      ids: [cve],
      status,
      products: [product],
      components: [component],
    }));
    return {
      path: 'shop.openvex.json',
      text: writeJson(document, style),
      expected: [{ kind: 'vex', statements: expected }],
    };
  }),
};

const csafLists = {
  not_affected: 'known_not_affected',
  affected: 'known_affected',
  fixed: 'fixed',
  under_investigation: 'under_investigation',
} as const;

const csaf: RoundTrip = {
  name: 'csaf-vex',
  documents: fc.record({ all: statements, style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const names = [...new Set(all.flatMap(({ product, component }) => [product, component]))];
    const idOf = (purl: string): string => `CSAFPID-${names.indexOf(purl)}`;
    const both = (component: string, product: string): string => `${idOf(component)}:${idOf(product)}`;
    const product = (purl: string): object => ({
      product_id: idOf(purl),
      name: `Name of ${idOf(purl)}`,
      product_identification_helper: { purl },
    });
    const pairs = new Map(all.map((each) => [both(each.component, each.product), each] as const));
    const document = {
      document: {
        category: 'csaf_vex',
        csaf_version: '2.0',
        publisher: { category: 'vendor', name: 'Shop', namespace: 'https://shop.example' },
        title: 'VEX',
        tracking: { id: '1', status: 'final', version: '1', current_release_date: '2026-03-02T08:15:04Z' },
      },
      product_tree: {
        ...(of() % 2
          ? { full_product_names: names.map(product) }
          : {
              branches: [
                {
                  category: 'vendor',
                  name: 'Shop',
                  branches: names.map((purl) => ({ category: 'product_name', name: purl, product: product(purl) })),
                },
              ],
            }),
        relationships: [...pairs].map(([id, each]) => ({
          category: 'default_component_of',
          full_product_name: { product_id: id, name: id },
          product_reference: idOf(each.component),
          relates_to_product_reference: idOf(each.product),
        })),
      },
      vulnerabilities: all.map(({ cve, status, component, product: of_ }) => ({
        cve,
        product_status: { [csafLists[status]]: [both(component, of_)] },
        flags:
          status === 'not_affected' ? [{ label: 'component_not_present', product_ids: [both(component, of_)] }] : [],
      })),
    };
    const expected = all.map(({ cve, status, component, product: of_ }) => ({
      ids: [cve],
      status,
      components: [component],
      products: [of_],
    }));
    return {
      path: 'shop.csaf.json',
      text: writeJson(document, style),
      expected: [{ kind: 'vex', statements: expected }],
    };
  }),
};

interface Package {
  readonly name: string;
  readonly advisories: readonly string[];
}

/** At least one package refers to an advisory: without any the document says nothing of security. */
const packages: fc.Arbitrary<readonly Package[]> = fc
  .array(fc.nat(2), { minLength: 1, maxLength: 5 })
  .filter((numbers) => numbers.some((number) => number > 0))
  .map((numbers) =>
    numbers.map((number, index) => ({
      name: `part-${index}`,
      advisories: Array.from({ length: number }, (_, at) => `CVE-2026-${10_000 + 10 * index + at}`),
    })),
  );

function spdxItems(all: readonly Package[]): readonly object[] {
  return all.flatMap(({ name, advisories }) =>
    advisories.map((id) => ({ ids: [id], severity: 'unknown', component: name, componentVersion: '1.0' })),
  );
}

const spdxJson: RoundTrip = {
  name: 'spdx JSON',
  documents: fc.record({ all: packages, style: jsonStyle, of: luck }).map(({ all, style, of }) => {
    const document = {
      SPDXID: 'SPDXRef-DOCUMENT',
      spdxVersion: of() % 2 ? 'SPDX-2.3' : 'SPDX-2.2',
      creationInfo: { created: '2026-03-02T08:15:04Z', creators: ['Tool: syft-1.17.0', 'Organization: Shop'] },
      name: 'shop',
      dataLicense: 'CC0-1.0',
      packages: all.map(({ name, advisories }) => ({
        SPDXID: `SPDXRef-${name}`,
        name,
        versionInfo: '1.0',
        externalRefs: [
          { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: `pkg:npm/${name}@1.0` },
          {
            referenceCategory: 'SECURITY',
            referenceType: 'cpe23Type',
            referenceLocator: 'cpe:2.3:a:x:y:1:*:*:*:*:*:*:*',
          },
          ...advisories.map((id) => ({
            referenceCategory: 'SECURITY',
            referenceType: 'advisory',
            referenceLocator: `https://nvd.nist.gov/vuln/detail/${id}`,
          })),
        ],
      })),
      relationships: [],
    };
    const value = of() % 3 === 0 ? { sbom: document } : document;
    return {
      path: 'shop.spdx.json',
      text: writeJson(value, style),
      expected: [securityFact('dependencies', spdxItems(all))],
    };
  }),
};

const spdxTagValue: RoundTrip = {
  name: 'spdx tag-value',
  documents: fc.record({ all: packages, lineBreak: fc.constantFrom('\n', '\r\n') }).map(({ all, lineBreak }) => {
    const lines = [
      'SPDXVersion: SPDX-2.3',
      'DataLicense: CC0-1.0',
      'DocumentComment: <text>PackageName: none',
      'of this is read</text>',
      'Creator: Tool: syft-1.17.0',
      'Created: 2026-03-02T08:15:04Z',
      ...all.flatMap(({ name, advisories }) => [
        '',
        `##### Package: ${name}`,
        `PackageName: ${name}`,
        'PackageVersion: 1.0',
        `ExternalRef: PACKAGE-MANAGER purl pkg:npm/${name}@1.0`,
        ...advisories.map((id) => `ExternalRef: SECURITY advisory https://nvd.nist.gov/vuln/detail/${id}`),
      ]),
    ];
    return {
      path: 'shop.spdx',
      text: lines.join(lineBreak) + lineBreak,
      expected: [securityFact('dependencies', spdxItems(all))],
    };
  }),
};

export const vexDocuments: readonly RoundTrip[] = [openvex, csaf, spdxJson, spdxTagValue];
