import type { ChangeLimit, WhenMissing } from '../core/gate/criteria.ts';

/** `<= +10 %` or `>= -0.5`: how far a value may move; null for anything else. */
export function parseChange(
  value: string,
): (Pick<ChangeLimit, 'by' | 'in'> & { readonly comparison: '<=' | '>=' }) | null {
  const match = /^(<=|>=) *([+-]?\d{1,9}(?:\.\d{1,9})?) *(%?)$/.exec(value);
  if (!match) return null;
  return { comparison: match[1] as '<=' | '>=', by: Number(match[2]), in: match[3] === '%' ? '%' : 'units' };
}

/** `block`, `warn` or `skip(reason)`; null for anything else. */
export function parseWhenMissing(value: string): WhenMissing | null {
  if (value === 'block' || value === 'warn') return { kind: value };
  const reason = /^skip\(\s*(\S[^]{0,999}?)\s*\)$/.exec(value)?.[1];
  return reason === undefined ? null : { kind: 'skip', reason };
}

/** `previous` or `last 5 passes`. */
export function parseAgainst(value: string | undefined): ChangeLimit['against'] {
  const match = /^last (\d+) passes$/.exec(value ?? '');
  return match ? { kind: 'passes', count: Number(match[1]) } : { kind: 'previous' };
}
