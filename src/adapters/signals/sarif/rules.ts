import { objectOf } from '../shared/json.ts';
import type { Descriptor, Result, RuleReference, Run } from './schema.ts';

/** What a result's rule says about it. */
export interface Rule {
  readonly id: string | undefined;
  readonly defaultLevel: string | undefined;
  /** `security-severity`, a CVSS score above 0; null if the rule states none or not a number. */
  readonly score: number | null;
  readonly tags: readonly string[];
  /** CVE and GHSA ids among the rule's own id and properties. */
  readonly advisories: readonly string[];
  readonly title: string | undefined;
  readonly messages: Readonly<Record<string, { readonly text?: string | null | undefined }>>;
}

export interface RuleBook {
  readonly rules: readonly Rule[];
  /** The rule of a result; undefined if the run does not describe it. */
  ruleOf(result: Result): Rule | undefined;
  /** Level that the invocation set for the rule in place of the rule's default. */
  overriddenLevel(result: Result, rule: Rule | undefined): string | undefined;
}

/** Looks rules up as SARIF 2.1.0 §3.52 says: component, then index, guid, and id with its hierarchy (`CA1000/1` is of `CA1000`). */
export function ruleBook(run: Pick<Run, 'tool' | 'invocations'>): RuleBook {
  const components = [run.tool.driver, ...(run.tool.extensions ?? [])].map((component) => {
    const rules = (component.rules ?? []).map(toRule);
    const ids = (component.rules ?? []).map((descriptor, at) => [descriptor.id, rules[at]!] as const);
    const guids = (component.rules ?? []).map(
      (descriptor, at) => [descriptor.guid?.toLowerCase(), rules[at]!] as const,
    );
    // The first of two rules with one id is the one that readers of the log see.
    return {
      name: component.name,
      guid: component.guid,
      rules,
      byId: new Map(ids.toReversed()),
      byGuid: new Map(guids.toReversed()),
    };
  });
  type Component = (typeof components)[number];

  const componentOf = (reference: RuleReference): Component | undefined => {
    const named = reference.toolComponent;
    if (typeof named?.index === 'number' && named.index >= 0) return components[named.index + 1];
    if (named?.guid) return components.find((component) => component.guid?.toLowerCase() === named.guid?.toLowerCase());
    if (named?.name) return components.find((component) => component.name === named.name);
    return components[0];
  };

  const find = (reference: RuleReference): Rule | undefined => {
    const component = componentOf(reference);
    const { id, guid, index } = reference;
    const indexed = typeof index === 'number' && index >= 0 ? component?.rules[index] : undefined;
    if (indexed && indexed.id === id) return indexed;
    const names = id ? hierarchy(id) : [];
    if (indexed && (names.length === 0 || (indexed.id !== undefined && names.includes(indexed.id)))) return indexed;
    const byGuid = guid ? component?.byGuid.get(guid.toLowerCase()) : undefined;
    if (byGuid) return byGuid;
    for (const one of component ? [component, ...components] : components) {
      for (const name of names) {
        const byId = one.byId.get(name);
        if (byId) return byId;
      }
    }
    return indexed;
  };

  const overrides = (run.invocations ?? []).map(
    (invocation) =>
      new Map(
        (invocation.ruleConfigurationOverrides ?? []).map(
          (override) => [find(override.descriptor), override.configuration?.level ?? undefined] as const,
        ),
      ),
  );

  return {
    rules: components.flatMap((component) => component.rules),
    ruleOf: (result) =>
      find({ ...result.rule, id: result.rule?.id ?? result.ruleId, index: result.rule?.index ?? result.ruleIndex }),
    overriddenLevel(result, rule) {
      const stated = result.provenance?.invocationIndex ?? -1;
      const invocation = stated < 0 && overrides.length === 1 ? 0 : stated;
      return rule && overrides[invocation]?.get(rule);
    },
  };
}

/** `A/b/c`, `A/b`, `A`. */
function hierarchy(id: string): readonly string[] {
  const parts = id.split('/');
  return parts.map((_, dropped) => parts.slice(0, parts.length - dropped).join('/'));
}

function toRule(descriptor: Descriptor): Rule {
  const properties = objectOf(descriptor.properties);
  const tags = Array.isArray(properties['tags'])
    ? properties['tags'].filter((tag): tag is string => typeof tag === 'string')
    : [];
  return {
    id: descriptor.id ?? undefined,
    defaultLevel: descriptor.defaultConfiguration?.level ?? undefined,
    score: securitySeverity(properties),
    tags: tags.map((tag) => tag.toLowerCase()),
    advisories: advisoriesIn(descriptor.id, properties),
    title: descriptor.shortDescription?.text ?? descriptor.name ?? undefined,
    messages: descriptor.messageStrings ?? {},
  };
}

/** The score in a property bag; null for none, 0 (which tools write for "not scored") and anything that is no CVSS score. */
export function securitySeverity(properties: Readonly<Record<string, unknown>>): number | null {
  const stated = properties['security-severity'];
  const score =
    typeof stated === 'number' || (typeof stated === 'string' && stated.trim() !== '') ? Number(stated) : Number.NaN;
  return score > 0 && score <= 10 ? score : null;
}

const advisory = /CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}/gi;

/** CVE and GHSA ids in a rule id, and in properties that are one: descriptions may mention others. CVEs come first. */
export function advisoriesIn(
  ruleId: string | null | undefined,
  properties: Readonly<Record<string, unknown>>,
): readonly string[] {
  const values = Object.values(properties).flat();
  const own = values.filter(
    (value): value is string => typeof value === 'string' && value.match(advisory)?.[0] === value,
  );
  const ids = [...new Set([...(ruleId?.match(advisory) ?? []), ...own].map(inOneCase))];
  return [...ids.filter((id) => id.startsWith('CVE')), ...ids.filter((id) => !id.startsWith('CVE'))];
}

function inOneCase(id: string): string {
  return /^cve/i.test(id) ? id.toUpperCase() : `GHSA${id.slice(4).toLowerCase()}`;
}
