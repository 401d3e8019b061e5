import { riskAt, type Knot } from '../risk/curve.ts';
import type { RiskMetric, RiskModel } from '../risk/model.ts';
import { compareGates } from './compare-gates.ts';
import { comparePeople, yesNo } from './compare-people.ts';
import type { Policy } from './policy.ts';
import {
  durationWords,
  effectOf,
  entries,
  members,
  moved,
  same,
  type Effect,
  type PolicyDifference,
} from './policy-difference.ts';
import { scopeWords, type Waiver } from './waiver.ts';

/**
 * What differs between two policies, one entry a part; empty when they mean the same. Comments, the order of keys, gates and
 * people, and values that are written in another way are no difference, for a policy does not hold them.
 */
export function comparePolicies(from: Policy, to: Policy): readonly PolicyDifference[] {
  const found = [
    ...moved('service', from.service, to.service),
    ...moved('environment', from.environment, to.environment),
    ...moved('mode', from.mode, to.mode, { effect: to.mode === 'shadow' ? 'weaker' : 'stricter' }),
    ...compareGates(from.gates, to.gates),
    ...members('fast_track: gate', from.fastTrackGates, to.fastTrackGates, { added: 'stricter', removed: 'weaker' }),
    ...compareWaivers(from.waivers, to.waivers),
    ...comparePeople(from, to),
    ...compareFreezes(from, to),
    ...moved('policy: on_change', from.onPolicyChange, to.onPolicyChange, {
      effect: to.onPolicyChange === 'report' ? 'weaker' : 'stricter',
    }),
    ...compareRisk(from.risk, to.risk),
    ...(['A', 'B', 'C', 'D'] as const).flatMap((grade) =>
      moved(`grade ${grade}`, from.gradeBands[grade], to.gradeBands[grade], {
        effect: effectOf(from.gradeBands[grade], to.gradeBands[grade], 'weaker'),
      }),
    ),
    ...compareEvidence(from.evidence, to.evidence),
    ...changed('remediation', from.remediation, to.remediation),
  ];
  // Whatever the list above does not know must not pass for no change.
  return found.length > 0 || same(unordered(from), unordered(to))
    ? found
    : [{ words: 'policy changed', effect: 'other' }];
}

function changed(name: string, from: unknown, to: unknown): readonly PolicyDifference[] {
  return same(from, to) ? [] : [{ words: `${name} changed`, effect: 'other' }];
}

function unordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map((each): unknown => unordered(each))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, each]) => [key, unordered(each)]));
}

/** A waiver is its scope, reason and approver; its date may move. */
function compareWaivers(from: readonly Waiver[], to: readonly Waiver[]): readonly PolicyDifference[] {
  const named = (waivers: readonly Waiver[]) => {
    const seen = new Map<string, number>();
    return waivers.map((waiver) => {
      const words = `${scopeWords(waiver.scope)} (${waiver.approver}: ${waiver.reason})`;
      const nth = (seen.get(words) ?? 0) + 1;
      seen.set(words, nth);
      return { name: nth === 1 ? words : `${words} #${nth}`, expires: waiver.expires };
    });
  };
  return entries('waiver', named(from), named(to), {
    added: () => 'weaker',
    removed: () => 'stricter',
    changed: (old, now) =>
      moved(`waiver ${old.name}: until`, old.expires, now.expires, {
        effect: effectOf(Date.parse(old.expires), Date.parse(now.expires), 'weaker'),
      }),
  });
}

function compareFreezes({ freezes: from }: Policy, { freezes: to }: Policy): readonly PolicyDifference[] {
  return entries('freeze', from, to, {
    added: () => 'stricter',
    removed: () => 'weaker',
    changed: (old, now) => changed(`freeze ${old.name}`, old, now),
  });
}

function compareRisk(from: RiskModel, to: RiskModel): readonly PolicyDifference[] {
  const metrics = (model: RiskModel) =>
    model.flatMap(({ groups }) =>
      groups.flatMap((group) => group.metrics.map((metric) => ({ ...metric, name: metric.metric, group: group.name }))),
    );
  const shares = (model: RiskModel) =>
    model.map(({ dimension, groups }) => [dimension, groups.map(({ name, weight }) => [name, weight])]);
  return [
    ...entries('risk: weight', weights(from), weights(to), {
      added: () => 'other',
      removed: () => 'other',
      changed: (old, now) => moved(`risk: weight of ${old.name}`, old.weight, now.weight),
    }),
    ...changed('risk: shares of the groups', shares(from), shares(to)),
    ...entries('risk: metric', metrics(from), metrics(to), {
      added: () => 'other',
      removed: () => 'other',
      changed: compareMetric,
    }),
  ];
}

function weights(model: RiskModel) {
  return model.map(({ dimension, weight }) => ({ name: dimension, weight }));
}

function compareMetric(from: RiskMetric, to: RiskMetric): readonly PolicyDifference[] {
  return [
    ...moved(`risk: prior of ${from.metric}`, from.prior, to.prior, {
      effect: effectOf(from.prior, to.prior, 'stricter'),
    }),
    ...(same(from.curve, to.curve)
      ? []
      : [{ words: `risk: curve of ${from.metric} changed`, effect: curveEffect(from.curve, to.curve) }]),
  ];
}

/** Between their knots two curves are straight: one lies below the other if it does so at every knot of either. */
function curveEffect(from: readonly Knot[], to: readonly Knot[]): Effect {
  const signs = new Set([...from, ...to].map(([value]) => Math.sign(riskAt(to, value) - riskAt(from, value))));
  signs.delete(0);
  return signs.size !== 1 ? 'other' : signs.has(1) ? 'stricter' : 'weaker';
}

function compareEvidence(from: Policy['evidence'], to: Policy['evidence']): readonly PolicyDifference[] {
  const age = (value: number | null): string => (value === null ? 'none' : durationWords(value));
  const named = ({ files }: Policy['evidence']) => files.map((file) => ({ ...file, name: file.path }));
  return [
    ...moved('evidence: max_age', from.maxAge, to.maxAge, {
      effect: effectOf(from.maxAge ?? Infinity, to.maxAge ?? Infinity, 'weaker'),
      words: age,
    }),
    ...moved('evidence: require_commit', from.requireCommit, to.requireCommit, {
      effect: to.requireCommit ? 'stricter' : 'weaker',
      words: yesNo,
    }),
    ...members('evidence: exclude', from.exclude, to.exclude, { added: 'weaker', removed: 'stricter' }),
    ...entries('evidence: file', named(from), named(to), {
      added: () => 'stricter',
      removed: () => 'weaker',
      changed: (old, now) => changed(`evidence: file ${old.name}`, old, now),
    }),
    ...entries('evidence: mapping', from.mappings, to.mappings, {
      added: () => 'other',
      removed: () => 'other',
      changed: (old, now) => changed(`evidence: mapping ${old.name}`, old, now),
    }),
    ...changed('evidence: limits', from.limits, to.limits),
  ];
}
