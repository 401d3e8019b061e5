import { featureOf, type FeatureDefinition, type FeatureId } from './features.ts';

const greatest: Readonly<Partial<Record<FeatureDefinition['unit'], number>>> = { '%': 100, share: 1, 'yes-no': 1 };

/** Why a number is no value of the feature; null if it is one. */
export function featureProblem(id: FeatureId, value: number): string | null {
  const { unit } = featureOf(id);
  const most = greatest[unit] ?? 1e12;
  if (!Number.isFinite(value) || value < 0 || value > most) return `is not between 0 and ${most}`;
  return unit === 'yes-no' && !Number.isInteger(value) ? 'is neither 0 nor 1' : null;
}
