import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { outcomeStates, type Deployment, type OutcomeState } from '../../src/core/history/outcome.ts';
import { featureIds, type FeatureValues } from '../../src/core/prediction/features.ts';
import { fitReleaseModel } from '../../src/core/prediction/fit-release-model.ts';
import type { ReleaseModel } from '../../src/core/prediction/release-model.ts';
import type { PredictionSettings } from '../../src/core/prediction/settings.ts';
import type { Chance } from './seeded-chance.ts';

export const predictionSettings: PredictionSettings = {
  priorFailureRate: 0.1,
  window: null,
  workingHours: { from: 9, to: 17 },
  costRatio: 5,
};

const farFuture = '2100-01-01T00:00:00.000Z';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface DeploymentParts {
  readonly outcome: OutcomeState;
  readonly features?: FeatureValues;
  readonly basis?: 'observed' | 'inferred';
  /** Hours after the start of 2025; the index without it. */
  readonly hour?: number;
}

/** Deployments, one an hour where nothing else is said. */
export function deploymentsFrom(parts: readonly DeploymentParts[]): readonly Deployment[] {
  return parts.map(({ outcome, features, basis = 'observed', hour }, index): Deployment => {
    const deployedAt = new Date(Date.UTC(2025, 0, 1) + (hour ?? index) * 3_600_000).toISOString();
    const statement = {
      id: `s${index}`,
      service: 'checkout',
      version: `v${index}`,
      environment: 'production',
      deployment: `d${index}`,
      outcome,
      deployedAt,
      basis,
      source: 'recorded',
      reason: '',
      createdAt: deployedAt,
      facts: features ? { features } : {},
    };
    return { ...statement, statements: [statement] };
  });
}

export function modelOf(
  deployments: readonly Deployment[],
  settings: Partial<PredictionSettings> = {},
  now = farFuture,
): ReleaseModel {
  return fitReleaseModel({ deployments, settings: { ...predictionSettings, ...settings }, now, sha256 });
}

const value = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -1, 1e308, -1e308, Number.MAX_VALUE, 1e-320),
);

/** What a release may look like: any finite value, and none. */
export const someFeatures: fc.Arbitrary<FeatureValues> = fc.record(
  Object.fromEntries(featureIds.map((id) => [id, value])),
  { requiredKeys: [] },
);

/** Any finite history: all kinds of outcomes, guessed and pending ones, times that are the same, and values without measure. */
export const someHistory: fc.Arbitrary<readonly Deployment[]> = fc
  .array(
    fc.record({
      outcome: fc.constantFrom(...outcomeStates),
      features: fc.oneof(someFeatures, fc.constant({}), fc.constant({ change_size: 10, test_coverage: 80 })),
      basis: fc.constantFrom('observed', 'observed', 'inferred'),
      hour: fc.integer({ min: 0, max: 20 }),
    }),
    { maxLength: 45 },
  )
  .map(deploymentsFrom);

/** Releases whose chance of failure depends on their size and spread with these weights, of standard normal values. */
export function simulated(
  chance: Chance,
  releases: number,
  { intercept, size, spread }: { readonly intercept: number; readonly size: number; readonly spread: number },
): readonly Deployment[] {
  return deploymentsFrom(
    Array.from({ length: releases }, () => {
      const [a, b] = [chance.normal(), chance.normal()];
      const failed = chance.uniform() < 1 / (1 + Math.exp(-(intercept + size * a + spread * b)));
      const features = { change_size: Math.expm1(5 + a), change_spread: 0.5 + 0.15 * b };
      return { outcome: failed ? (chance.uniform() < 0.5 ? 'rolled-back' : 'hotfixed') : 'success', features };
    }),
  );
}

/**
 * A release and its true chance of failure: higher when a large change has authors without experience, which no sum of coefficients can
 * say. One in ten lacks the test coverage, which says little.
 */
export function interactingRelease(chance: Chance): { readonly features: FeatureValues; readonly truth: number } {
  const [size, experience, covered] = [chance.normal(), chance.normal(), chance.normal()];
  const both = size > 0 && experience < 0 ? 2.5 : 0;
  const change = {
    change_size: Math.round(Math.expm1(Math.max(5 + size, 0))),
    team_experience: Math.expm1(Math.max(4 + experience, 0)),
  };
  const features = chance.uniform() < 0.1 ? change : { ...change, test_coverage: 75 + 5 * covered };
  return { features, truth: 1 / (1 + Math.exp(2.2 - both - 0.3 * size + 0.2 * covered)) };
}

export function interacting(chance: Chance, releases: number): readonly Deployment[] {
  return deploymentsFrom(
    Array.from({ length: releases }, () => {
      const { features, truth } = interactingRelease(chance);
      return { outcome: chance.uniform() < truth ? 'failed' : 'success', features };
    }),
  );
}
