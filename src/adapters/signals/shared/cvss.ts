/**
 * The base score that a CVSS vector of version 2.0, 3.0 or 3.1 stands for, by the formulas of its specification.
 * Null for a vector that lacks a base metric, names one twice or is of another version: CVSS 4.0 has no formula but a
 * table of expert judgements, which is not here.
 */
export function cvssBaseScore(vector: string): number | null {
  const [, version = '2.0', list = ''] =
    /^\s*\(?(?:CVSS:(\d\.\d)\/|CVSS2#)?([A-Za-z0-9:/]+?)\/?\)?\s*$/.exec(vector) ?? [];
  const metrics = new Map<string, string>();
  for (const part of list.split('/')) {
    const [name = '', value = ''] = part.split(':');
    if (metrics.has(name)) return null;
    metrics.set(name, value);
  }
  if (version === '3.0' || version === '3.1') return version3(metrics);
  return version === '2.0' ? version2(metrics) : null;
}

/** The first vector of version 2 or 3 among several, scored; those of version 3 go before. Null if there is none. */
export function cvssBestScore(vectors: readonly string[]): number | null {
  const scores = (isFirst: (vector: string) => boolean): readonly number[] =>
    vectors.filter(isFirst).flatMap((vector) => cvssBaseScore(vector) ?? []);
  const isV3 = (vector: string): boolean => vector.includes('CVSS:3');
  return scores(isV3)[0] ?? scores((vector) => !isV3(vector))[0] ?? null;
}

type Metrics = ReadonlyMap<string, string>;
type Weights = Readonly<Record<string, number>>;

/** Section 7.4 of the specification of version 3.1. */
const weights3 = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  impact: { H: 0.56, L: 0.22, N: 0 },
} as const satisfies Readonly<Record<string, Weights>>;
const privileges3 = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } } as const;

function version3(metrics: Metrics): number | null {
  const scope = metrics.get('S');
  if (scope !== 'U' && scope !== 'C') return null;
  const attack = [
    weight(metrics, 'AV', weights3.AV),
    weight(metrics, 'AC', weights3.AC),
    weight(metrics, 'PR', privileges3[scope]),
    weight(metrics, 'UI', weights3.UI),
  ];
  const impacts = ['C', 'I', 'A'].map((name) => weight(metrics, name, weights3.impact));
  const isc = 1 - product(impacts.map((one) => 1 - one));
  const impact = scope === 'U' ? 6.42 * isc : 7.52 * (isc - 0.029) - 3.25 * (isc - 0.02) ** 15;
  const exploitability = 8.22 * product(attack);
  if (Number.isNaN(impact + exploitability)) return null;
  if (impact <= 0) return 0;
  return roundUp(Math.min((scope === 'U' ? 1 : 1.08) * (impact + exploitability), 10));
}

/** Appendix A of the specification of version 3.1: floating point must not lift 4.02 to 4.1 by way of 4.000000001. */
function roundUp(score: number): number {
  const scaled = Math.round(score * 100_000);
  return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10;
}

/** Section 3.2.1 of the guide to version 2.0. */
const weights2 = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  impact: { N: 0, P: 0.275, C: 0.66 },
} as const satisfies Readonly<Record<string, Weights>>;

function version2(metrics: Metrics): number | null {
  const impacts = ['C', 'I', 'A'].map((name) => weight(metrics, name, weights2.impact));
  const impact = 10.41 * (1 - product(impacts.map((one) => 1 - one)));
  const exploitability =
    20 * weight(metrics, 'AV', weights2.AV) * weight(metrics, 'AC', weights2.AC) * weight(metrics, 'Au', weights2.Au);
  const score = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176);
  return Number.isNaN(score) ? null : Math.round(score * 10) / 10;
}

/** NaN if the metric is missing or has no such value. */
function weight(metrics: Metrics, name: string, weights: Weights): number {
  const value = metrics.get(name) ?? '';
  return Object.hasOwn(weights, value) ? weights[value]! : Number.NaN;
}

function product(factors: readonly number[]): number {
  return factors.reduce((all, one) => all * one, 1);
}
