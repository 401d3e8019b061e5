import { criterionKinds, type Criterion, type Gate } from '../gate/criteria.ts';
import { changeWords } from '../gate/resolve-limits.ts';
import { grades } from '../signal/metrics.ts';
import { effectOf, entries, moved, same, type Effect, type PolicyDifference } from './policy-difference.ts';

const enforcements = ['ADVISORY', 'WARNING', 'BLOCKING'] as const;

/** Gates that are not the same in two policies; the order does not matter. */
export function compareGates(from: readonly Gate[], to: readonly Gate[]): readonly PolicyDifference[] {
  return entries('gate', from, to, {
    added: (gate) => (counts(gate) ? 'stricter' : 'other'),
    removed: (gate) => (counts(gate) ? 'weaker' : 'other'),
    changed: compareGate,
  });
}

function counts({ mode, enforcement }: Gate): boolean {
  return mode === 'enforce' && enforcement !== 'ADVISORY';
}

function compareGate(from: Gate, to: Gate): readonly PolicyDifference[] {
  const name = `gate ${from.name}:`;
  const all = (gate: Gate): boolean => (gate.minScore ?? 100) === 100;
  return [
    ...moved(`${name} enforcement`, from.enforcement, to.enforcement, {
      effect: effectOf(enforcements.indexOf(from.enforcement), enforcements.indexOf(to.enforcement), 'stricter'),
    }),
    ...moved(`${name} mode`, from.mode, to.mode, { effect: to.mode === 'shadow' ? 'weaker' : 'stricter' }),
    ...moved(`${name} group`, from.group, to.group),
    ...moved(`${name} min_score`, from.minScore ?? 100, to.minScore ?? 100, {
      effect: effectOf(from.minScore ?? 100, to.minScore ?? 100, 'stricter'),
    }),
    ...moved(`${name} effective_on`, from.effectiveOn ?? 'now', to.effectiveOn ?? 'now', {
      effect: (to.effectiveOn ?? '') > (from.effectiveOn ?? '') ? 'weaker' : 'stricter',
    }),
    ...entries(
      `${name} criterion`,
      named(from.criteria),
      named(to.criteria),
      // Below 100 percent one more criterion can help a gate to open.
      {
        added: () => (all(from) && all(to) ? 'stricter' : 'other'),
        removed: () => (all(from) && all(to) ? 'weaker' : 'other'),
        changed: (old, now) => compareCriterion(name, old, now),
      },
    ),
  ];
}

type NamedCriterion = Criterion & { readonly name: string };

/** A key may stand for a limit and for a change, on all code and on new code; of each kind a gate has one. */
function named(criteria: readonly Criterion[]): readonly NamedCriterion[] {
  return criteria.map((criterion) => ({ ...criterion, name: criterionName(criterion) }));
}

export function criterionName({ key, on, change }: Criterion): string {
  return `${key}${on === 'new-code' ? ' on new code' : ''}${change ? ' change' : ''}`;
}

function compareCriterion(gate: string, from: NamedCriterion, to: NamedCriterion): readonly PolicyDifference[] {
  const name = `${gate} ${from.name}`;
  return [
    ...moved(name, from.threshold, to.threshold, {
      effect: limitEffect(from, to),
      words: (value) => thresholdWords(from, value),
    }),
    ...(same(from.change, to.change)
      ? []
      : [{ words: `${name} ${changeWords(from)} → ${changeWords(to)}`, effect: changeEffect(from, to) }]),
    ...moved(`${name}, weight`, from.weight ?? 1, to.weight ?? 1),
    ...moved(`${name}, when_missing`, from.whenMissing, to.whenMissing, {
      effect: effectOf(laxity(from), laxity(to), 'weaker'),
      words: missingWords,
    }),
  ];
}

function limitEffect({ key, threshold: from }: Criterion, { threshold: to }: Criterion): Effect {
  if (from === null || to === null) return 'other';
  return effectOf(from, to, criterionKinds[key].comparison === '<=' ? 'weaker' : 'stricter');
}

function changeEffect({ key, change: from }: Criterion, { change: to }: Criterion): Effect {
  if (from === undefined || to === undefined || from.in !== to.in || !same(from.against, to.against)) return 'other';
  return effectOf(from.by, to.by, criterionKinds[key].comparison === '<=' ? 'weaker' : 'stricter');
}

function thresholdWords({ key }: Criterion, value: number | null): string {
  if (value === null) return 'none';
  if (key === 'min_grade') return grades[value - 1] ?? String(value);
  return criterionKinds[key].comparison === 'is' ? (value === 1 ? 'yes' : 'no') : String(value);
}

function missingWords(missing: Criterion['whenMissing']): string {
  if (missing === undefined) return 'block';
  return missing.kind === 'skip' ? `skip(${missing.reason})` : missing.kind;
}

function laxity({ whenMissing }: Criterion): number {
  return ['block', 'warn', 'skip'].indexOf(whenMissing?.kind ?? 'block');
}
