/** Chance that is the same on every machine and in every run: all of it comes from one seed. */
export interface Random {
  /** A whole number from 0 on, below `limit`. */
  below(limit: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T;
}

/** Numbers that follow from a text (sfc32, seeded by FNV-1a). */
export function randomFrom(seed: string): Random {
  let a = 0x811c9dc5;
  for (let at = 0; at < seed.length; at += 1) a = Math.imul(a ^ seed.charCodeAt(at), 0x01000193);
  let b = a ^ 0x9e3779b9;
  let c = a ^ 0x243f6a88;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    chance: (share) => next() / 2 ** 32 < share,
    pick(items) {
      if (items.length === 0) throw new Error('there is nothing to pick from');
      return items[below(items.length)]!;
    },
  };
}
