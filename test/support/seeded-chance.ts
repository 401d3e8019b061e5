/** Chance for simulations: the same seed gives the same numbers everywhere (mulberry32). */
export interface Chance {
  /** From 0 up to 1, without 1. */
  uniform(): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** 0 … n − 1. */
  below(n: number): number;
}

export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    below: (n) => Math.floor(uniform() * n),
  };
}
