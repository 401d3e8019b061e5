/** A figure, or why there is none. */
export type Figure =
  { readonly value: number; readonly reason: null } | { readonly value: null; readonly reason: string };

export function figure(value: number | null, reason: string): Figure {
  return value === null || !Number.isFinite(value) ? { value: null, reason } : { value, reason: null };
}

/** Fewer known outcomes than this make no figure about forecasts. */
export const fewestOutcomes = 10;

/** `not enough outcomes (n = 7, 0 failed)`, with fewer than ten or where all ended alike; null where there are enough. */
export function tooFewWords({ n, failures }: { readonly n: number; readonly failures: number }): string | null {
  const enough = n >= fewestOutcomes && failures > 0 && failures < n;
  return enough ? null : `not enough outcomes (n = ${n}, ${failures} failed)`;
}
