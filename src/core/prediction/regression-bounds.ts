import { possibleZ } from './feature-scale.ts';
import type { FeatureValues } from './features.ts';
import { rowOf } from './fit-coefficients.ts';
import type { Coefficients } from './release-model.ts';

/** Mean and variance of the log-odds at a row. */
export function momentsOf({ mean, covariance }: Pick<Coefficients, 'mean' | 'covariance'>, row: readonly number[]) {
  let logit = 0;
  let variance = 0;
  row.forEach((value, i) => {
    logit += value * mean[i]!;
    row.forEach((other, j) => {
      variance += value * other * covariance[i]![j]!;
    });
  });
  return { logit, variance: Math.max(variance, 0) };
}

/**
 * Log-odds so many standard deviations below and above the mean: the least lower and the greatest upper bound over all that a missing feature
 * could be. Both bounds are monotone or bent outwards in each feature, so that a corner of the box of missing values holds them; the
 * corners are walked with one change at a time (Gray code).
 */
export function regressionBounds(model: Coefficients, values: FeatureValues, sds: number): readonly [number, number] {
  const { mean, covariance, features, references } = model;
  // What no own release had either is part of what the intercept is the average over: its absence is nothing new.
  const missing = features.flatMap((id, index) =>
    values[id] === undefined && references[id]!.releases > 0
      ? [{ column: index + 1, ends: possibleZ(id, references[id]!) }]
      : [],
  );
  const row = rowOf(model, values);
  for (const { column, ends } of missing) row[column] = ends[0];
  const along = row.map((_, i) => row.reduce((sum, value, j) => sum + value * covariance[i]![j]!, 0));
  let { logit, variance } = momentsOf(model, row);
  let [least, most] = [Infinity, -Infinity];
  for (let corner = 1; ; corner += 1) {
    const reach = sds * Math.sqrt(Math.max(variance, 0));
    least = Math.min(least, logit - reach);
    most = Math.max(most, logit + reach);
    if (corner === 2 ** missing.length) return [least, most];
    const { column, ends } = missing[31 - Math.clz32(corner & -corner)]!;
    const next = row[column] === ends[0] ? ends[1] : ends[0];
    const move = next - row[column]!;
    row[column] = next;
    logit += move * mean[column]!;
    variance += 2 * move * along[column]! + move * move * covariance[column]![column]!;
    for (let i = 0; i < along.length; i += 1) along[i] = along[i]! + move * covariance[i]![column]!;
  }
}
