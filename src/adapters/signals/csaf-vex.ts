import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import type { Reading, VexStatement } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { productTree, productTreeSchema, type ProductTree } from './csaf-vex/product-tree.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { jsonHead, jsonSession, objectOf, stringOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { shortTitle } from './shared/short-title.ts';

const schemas = onFirstUse(() => {
  const about = { product_ids: z.nullish(z.array(z.string())), group_ids: z.nullish(z.array(z.string())) };
  const products = z.nullish(z.array(z.string()));
  const vulnerability = z.object({
    cve: text,
    ids: z.nullish(z.array(z.object({ system_name: text, text }))),
    title: text,
    product_status: z.nullish(
      z.object({
        known_affected: products,
        first_affected: products,
        last_affected: products,
        known_not_affected: products,
        fixed: products,
        first_fixed: products,
        recommended: products,
        under_investigation: products,
        unknown: products,
      }),
    ),
    flags: z.nullish(z.array(z.object({ label: text, ...about }))),
    threats: z.nullish(z.array(z.object({ category: text, details: text, ...about }))),
    remediations: z.nullish(z.array(z.object({ category: text, details: text, ...about }))),
  });
  const document = z.object({
    document: z.object({
      csaf_version: z.string(),
      publisher: z.nullish(z.object({ name: text })),
      tracking: z.nullish(
        z.object({
          version: text,
          generator: z.nullish(z.object({ engine: z.nullish(z.object({ name: text, version: text })) })),
        }),
      ),
    }),
    product_tree: z.nullish(productTreeSchema()),
    vulnerabilities: z.nullish(z.array(vulnerability)),
  });
  return { vulnerability, document };
});

type Schemas = ReturnType<typeof schemas>;
type Vulnerability = z.infer<Schemas['vulnerability']>;
type Bucket = keyof NonNullable<Vulnerability['product_status']>;

/** Worst first: a product that stands in several lists has the worst status of them. */
const buckets: readonly (readonly [Bucket, VexStatement['status']])[] = [
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
  ['under_investigation', 'under_investigation'],
  ['unknown', 'under_investigation'],
  ['known_not_affected', 'not_affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
];

/** CSAF 2.0 and 2.1: a supplier's advisory or VEX document. It is no scan. */
export const csafVex: SignalReader = {
  id: 'csaf-vex',
  title: 'CSAF advisory and VEX JSON',
  gives: ['vex'],
  names: ['csaf*.json', '*.csaf.json'],
  countingUnit: 'One pair of vulnerability and product with a status.',
  detects(head) {
    const document = objectOf(objectOf(jsonHead(head.text))['document']);
    return typeof document['csaf_version'] === 'string' || stringOf(document['category']).startsWith('csaf_');
  },
  open: (file) => jsonSession(file, schemas().document, (value) => toReading(value, file.path)),
};

function toReading(value: z.infer<Schemas['document']>, path: string): Reading {
  const { csaf_version: version, tracking, publisher } = value.document;
  if (!/^2\.[01]$/.test(version))
    throw new AqeError('AQE2003', `version ${version.slice(0, 20)} of CSAF is not read, only 2.0 and 2.1`, { path });
  const tree = productTree(value.product_tree);
  const statements = (value.vulnerabilities ?? []).flatMap((found) => statementsOf(found, tree));
  const engine = tracking?.generator?.engine;
  return {
    producer: {
      name: engine?.name || publisher?.name || 'csaf',
      ...(engine?.name && engine.version ? { version: engine.version } : {}),
    },
    facts: [{ kind: 'vex', statements }],
    notices: statements.length === 0 ? ['the document states no status of a product'] : [],
  };
}

function statementsOf(found: Vulnerability, tree: ProductTree): readonly VexStatement[] {
  const named = advisoryIds([found.cve, ...(found.ids?.map((one) => one.text) ?? [])]);
  const ids = named.length > 0 ? named : [found.title || 'no-identifier'];
  const why = reasons(found, tree);
  const seen = new Set<string>();
  return buckets.flatMap(([bucket, status]) =>
    (found.product_status?.[bucket] ?? []).flatMap((id) => {
      if (seen.has(id)) return [];
      seen.add(id);
      const reason = why(id, status);
      const isOpen = status === 'affected' || status === 'under_investigation';
      return [{ ids, status, ...tree.product(id, isOpen), ...(reason ? { reason } : {}) }];
    }),
  );
}

type About = {
  readonly product_ids?: readonly string[] | null | undefined;
  readonly group_ids?: readonly string[] | null | undefined;
};

/** Flags and the impact for products that are not affected, remedies for those that are. */
function reasons(found: Vulnerability, tree: ProductTree): (id: string, status: VexStatement['status']) => string {
  const byProduct = <T extends About>(
    list: readonly T[] | null | undefined,
    say: (one: T) => string | null | undefined,
  ) => {
    const said = new Map<string, string[]>();
    for (const one of list ?? []) {
      const words = say(one);
      if (!words) continue;
      for (const id of [...(one.product_ids ?? []), ...(one.group_ids ?? []).flatMap((group) => tree.group(group))]) {
        const known = said.get(id);
        if (known) known.push(words);
        else said.set(id, [words]);
      }
    }
    return said;
  };
  const flags = byProduct(found.flags, (flag) => flag.label);
  const impacts = byProduct(found.threats, (threat) =>
    threat.category === 'impact' && threat.details ? shortTitle(threat.details, '') : undefined,
  );
  const remedies = byProduct(found.remediations, (remedy) =>
    [remedy.category, remedy.details && shortTitle(remedy.details, '')].filter(Boolean).join(': '),
  );
  return (id, status) =>
    (status === 'not_affected' ? [flags, impacts] : [remedies]).flatMap((said) => said.get(id) ?? []).join(', ');
}
