import type { Deployment } from '../history/outcome.ts';
import { weightOf } from '../history/time-window.ts';
import { zOf } from './feature-scale.ts';
import type { FeatureValues } from './features.ts';
import type { SimilarRelease } from './prediction.ts';
import type { ReleaseModel } from './release-model.ts';

/** A release is similar up to this mean distance over the features that both have, in usual spreads. */
export const farthestSimilar = 1;
/** Features that both must have. */
const fewestInCommon = 3;

/** How many similar releases are shown with a prediction. */
export const shownSimilar = 5;

/**
 * Past releases with an observed outcome that looked like this one: nearest first, of one distance the newest. For people only: the model has
 * learned from the same releases, so that counting them again would count them twice.
 */
export function similarReleases(
  model: Pick<ReleaseModel, 'features' | 'references'>,
  features: FeatureValues,
  deployments: readonly Deployment[],
  most = Infinity,
): readonly SimilarRelease[] {
  return deployments
    .filter((deployment) => weightOf(deployment) === 'observed')
    .flatMap((deployment) => {
      const distance = distanceOf(model, features, deployment.facts.features ?? {});
      return distance !== null && distance <= farthestSimilar ? [{ deployment, distance }] : [];
    })
    .sort(nearest)
    .slice(0, most)
    .map(({ deployment: { version, deployedAt, outcome }, distance }) => ({ version, deployedAt, outcome, distance }));
}

function distanceOf(
  { features: compared, references }: Pick<ReleaseModel, 'features' | 'references'>,
  one: FeatureValues,
  other: FeatureValues,
): number | null {
  const both = compared.filter((id) => Number.isFinite(one[id]) && Number.isFinite(other[id]));
  if (both.length < fewestInCommon) return null;
  const sum = both.reduce((all, id) => all + Math.abs(zOf(id, references[id]!, one[id]!) - zOf(id, references[id]!, other[id]!)), 0); // prettier-ignore
  return sum / both.length;
}

interface Near {
  readonly deployment: Deployment;
  readonly distance: number;
}

function nearest(one: Near, other: Near): number {
  if (one.distance !== other.distance) return one.distance - other.distance;
  const [a, b] = [one.deployment, other.deployment];
  if (a.deployedAt !== b.deployedAt) return a.deployedAt < b.deployedAt ? 1 : -1;
  return a.deployment < b.deployment ? -1 : a.deployment > b.deployment ? 1 : 0;
}
