import { canonicalJson } from '../canonical-json.ts';

/** `weaker`: what passes the old policy may pass the new one, and more. `other`: it depends, or it does not matter to a decision. */
export type Effect = 'weaker' | 'stricter' | 'other';

/** One part of a policy that is not as it was. */
export interface PolicyDifference {
  /** `gate security: max_high_vulnerabilities 0 → 5`. */
  readonly words: string;
  readonly effect: Effect;
}

export function differenceLine({ words, effect }: PolicyDifference): string {
  return effect === 'other' ? words : `${words} (${effect})`;
}

export function same(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** A value that moved; none if it did not. */
export function moved<T>(
  name: string,
  from: T,
  to: T,
  { effect = 'other', words = String }: { readonly effect?: Effect; readonly words?: (value: T) => string } = {},
): readonly PolicyDifference[] {
  return same(from, to) ? [] : [{ words: `${name} ${words(from)} → ${words(to)}`, effect }];
}

/** The effect of a number that rises or falls, for one whose rise weakens. */
export function effectOf(from: number, to: number, riseIs: 'weaker' | 'stricter'): Effect {
  if (from === to) return 'other';
  return to > from === (riseIs === 'weaker') ? 'weaker' : 'stricter';
}

/** What is in one list and not in the other, by name. */
export function members(
  name: string,
  from: readonly string[],
  to: readonly string[],
  effects: { readonly added: Effect; readonly removed: Effect },
): readonly PolicyDifference[] {
  return [
    ...to
      .filter((each) => !from.includes(each))
      .map((each) => ({ words: `${name} added: ${each}`, effect: effects.added })),
    ...from
      .filter((each) => !to.includes(each))
      .map((each) => ({ words: `${name} removed: ${each}`, effect: effects.removed })),
  ];
}

interface Named {
  readonly name: string;
}

/** Entries by name: what came, what went, and what `changed` says of those on both sides. */
export function entries<T extends Named>(
  kind: string,
  from: readonly T[],
  to: readonly T[],
  about: {
    readonly added: (entry: T) => Effect;
    readonly removed: (entry: T) => Effect;
    readonly changed: (from: T, to: T) => readonly PolicyDifference[];
  },
): readonly PolicyDifference[] {
  const before = new Map(from.map((entry) => [entry.name, entry]));
  const after = new Map(to.map((entry) => [entry.name, entry]));
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name): readonly PolicyDifference[] => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === undefined) return [{ words: `${kind} added: ${name}`, effect: about.added(now!) }];
    if (now === undefined) return [{ words: `${kind} removed: ${name}`, effect: about.removed(old) }];
    return about.changed(old, now);
  });
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** Milliseconds as the config writes them, in the largest unit that they are whole in. */
export function durationWords(milliseconds: number): string {
  const [unit, size] = units.find(([, each]) => milliseconds % each === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}
