import * as z from 'zod/mini';
import type { Reading, VexStatement } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { advisoryIds } from './shared/advisory-ids.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';

const schemas = onFirstUse(() => {
  const component = z.union([z.string(), z.object({ '@id': text, identifiers: z.nullish(z.object({ purl: text })) })]);
  const product = z.union([
    z.string(),
    z.object({
      '@id': text,
      identifiers: z.nullish(z.object({ purl: text })),
      subcomponents: z.nullish(z.array(component)),
    }),
  ]);
  const statement = z.object({
    vulnerability: z.union([
      z.string().check(z.minLength(1)),
      z.object({ '@id': text, name: text, aliases: z.nullish(z.array(z.string())) }),
    ]),
    status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
    timestamp: text,
    last_updated: text,
    justification: text,
    impact_statement: text,
    action_statement: text,
    products: z.nullish(z.array(product)),
    /** Of all products, before version 0.2.0. */
    subcomponents: z.nullish(z.array(component)),
  });
  const document = z.object({
    '@context': z.union([z.string(), z.array(z.unknown())]),
    author: text,
    timestamp: text,
    tooling: text,
    statements: z.array(statement),
  });
  return { component, statement, document };
});

type Schemas = ReturnType<typeof schemas>;
type Statement = z.infer<Schemas['statement']>;
type Document = z.infer<Schemas['document']>;

/** OpenVEX: what the maker of a product says of vulnerabilities in it. It is no scan. */
export const openvex: SignalReader = {
  id: 'openvex',
  title: 'OpenVEX JSON',
  gives: ['vex'],
  names: ['*.openvex.json', '*.vex.json', 'vex.json', 'openvex*.json'],
  countingUnit:
    'One statement for each product that it names; of several statements on the same vulnerability and product the latest counts.',
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    const contexts = Array.isArray(root['@context']) ? root['@context'] : [root['@context']];
    return contexts.some((context) => typeof context === 'string' && /openvex\.dev\/ns/i.test(context));
  },
  open: (file) => jsonSession(file, schemas().document, toReading),
};

function toReading(document: Document): Reading {
  const all = document.statements.flatMap((statement, at) => {
    const when = timeOf(statement.last_updated) ?? timeOf(statement.timestamp) ?? timeOf(document.timestamp) ?? 0;
    return claimsOf(statement).map((claim) => ({ ...claim, when, at }));
  });
  // Later ones come last; of one time, those further down in the document.
  const latest = new Map<string, number>();
  const ordered = all.toSorted((a, b) => a.when - b.when || a.at - b.at);
  for (const [order, { key }] of ordered.entries()) latest.set(key, order);
  const kept = ordered.filter(({ key }, order) => latest.get(key) === order).toSorted((a, b) => a.at - b.at);
  const overridden = all.length - kept.length;
  const [, name = 'openvex', version] =
    /^(?:https?:\/\/.*\/)?([A-Za-z][\w.-]*)(?:[/@ ]v?(\d[\w.+-]*))?$/.exec(document.tooling ?? '') ?? [];
  return {
    producer: { name, ...(version ? { version } : {}) },
    facts: [{ kind: 'vex', statements: kept.map(({ statement }) => statement) }],
    notices:
      all.length === 0
        ? ['the document makes no statement']
        : overridden > 0
          ? [`statements that a later one replaces: ${overridden}`]
          : [],
  };
}

interface Claim {
  /** Vulnerability, product and component: what a later statement must share to replace this one. */
  readonly key: string;
  readonly statement: VexStatement;
}

function claimsOf(statement: Statement): readonly Claim[] {
  const { vulnerability, status } = statement;
  const ids =
    typeof vulnerability === 'string'
      ? advisoryIds([vulnerability], 'no-identifier')
      : advisoryIds([vulnerability.name || vulnerability['@id'], ...(vulnerability.aliases ?? [])], 'no-identifier');
  const reason = [
    statement.justification,
    statement.impact_statement,
    status === 'affected' ? statement.action_statement : undefined,
  ]
    .filter(Boolean)
    .join(', ')
    .replace(/\s+/g, ' ');
  const claim = (product: string | undefined, components: readonly string[]): Claim => ({
    key: JSON.stringify([ids[0]?.toUpperCase(), product, components]),
    statement: {
      ids: ids.length > 0 ? ids : ['no-identifier'],
      status,
      components,
      products: product === undefined ? [] : [product],
      ...(reason ? { reason } : {}),
    },
  });
  const shared = (statement.subcomponents ?? []).flatMap(nameOf);
  const products = statement.products ?? [];
  if (products.length === 0) return [claim(undefined, shared)];
  return products.map((product) => {
    const own = typeof product === 'string' ? [] : (product.subcomponents ?? []).flatMap(nameOf);
    return claim(nameOf(product)[0], own.length > 0 ? own : shared);
  });
}

function nameOf(component: z.infer<Schemas['component']>): readonly string[] {
  const name = typeof component === 'string' ? component : component.identifiers?.purl || component['@id'];
  return name ? [name] : [];
}

function timeOf(stated: string | null | undefined): number | undefined {
  const time = Date.parse(stated ?? '');
  return Number.isNaN(time) ? undefined : time;
}
