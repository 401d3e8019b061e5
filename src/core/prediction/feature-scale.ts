import { featureOf, type FeatureDefinition, type FeatureId } from './features.ts';
import type { Reference } from './release-model.ts';

/** Further than this many spreads from the middle counts as this many: what was never seen is not extrapolated. */
const farthestZ = 3;

/** Own releases with a feature that it takes to compare with them. */
export const fewestToCompare = 5;

/** Amounts on a scale of ratios, as log(1 + n); percentages, shares and yes or no as they are. */
function scaled(feature: FeatureId, value: number): number {
  return isLinear(feature) ? value : Math.log1p(Math.max(value, 0));
}

/** Back into the unit of the feature. */
export function unscaled(feature: FeatureId, value: number): number {
  return isLinear(feature) ? value : Math.expm1(value);
}

/** In spreads from the middle, at most `farthestZ` of them. */
export function zOf(feature: FeatureId, { center, scale }: Reference, value: number): number {
  return clipped((scaled(feature, value) - center) / scale);
}

/** Least and greatest that a value can count as, in spreads: no amount is below 0, no percentage or share above all of it. */
export function possibleZ(feature: FeatureId, reference: Reference): readonly [number, number] {
  const { unit } = featureOf(feature);
  const most = unit === '%' ? 100 : unit === 'share' ? 1 : Infinity;
  return [zOf(feature, reference, 0), zOf(feature, reference, most)];
}

/**
 * Middle and spread of the values of one team: the median and 1.4826 times the median distance from it, which is the standard deviation
 * of a normal; where more than half of the values are the same, the root mean square distance from the median. Never below
 * `leastSpreadOf`. Null for fewer than `fewestToCompare` values.
 */
export function referenceOf(feature: FeatureId, values: readonly number[]): Reference | null {
  if (values.length < fewestToCompare) return null;
  const onScale = Float64Array.from(values, (value) => scaled(feature, value)).sort();
  const center = middleOf(onScale);
  const typical = 1.4826 * middleOf(onScale.map((value) => Math.abs(value - center)).sort());
  const squares = onScale.reduce((sum, value) => sum + Math.min((value - center) ** 2, 1e12), 0);
  const rootMeanSquare = Math.sqrt(squares / onScale.length);
  return {
    center,
    scale: Math.max(typical > 0 ? typical : rootMeanSquare, leastSpreadOf(feature)),
    releases: values.length,
  };
}

/** On the scale of the model. Keeps a team whose releases are all alike from finding any other one extreme. */
export function leastSpreadOf(feature: FeatureId): number {
  // Its coefficient comes from commits, each of them a fix or none: half of the way between is a spread.
  return feature === 'fix_share' ? 0.5 : leastSpreads[featureOf(feature).unit];
}

const leastSpreads: Readonly<Record<FeatureDefinition['unit'], number>> = {
  lines: 0.3,
  files: 0.3,
  commits: 0.3,
  days: 0.3,
  'per-function': 0.1,
  count: Math.LN2,
  '%': 2,
  share: 0.1,
  'yes-no': 1,
};

/** Looked at as it is. Everything else is an amount. */
export function isLinear(feature: FeatureId): boolean {
  const { unit } = featureOf(feature);
  return unit === '%' || unit === 'share' || unit === 'yes-no';
}

function clipped(z: number): number {
  return Math.min(Math.max(z, -farthestZ), farthestZ);
}

function middleOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
