import { AqeError } from '../core/error/aqe-error.ts';
import type { DeploymentFacts } from '../core/history/outcome.ts';
import { featureProblem } from '../core/prediction/feature-problem.ts';
import { featureIds } from '../core/prediction/features.ts';
import { keptObject } from './kept-json.ts';

const texts = ['commit', 'decision', 'decisionDigest'] as const;
const times = ['firstCommitAt', 'committedAt', 'recoveredAt'] as const;

/**
 * What a row of `outcomes` says beside the outcome. Members that nobody here knows are left out: a later version may have written them.
 * @throws AqeError AQE6002 for a member that is something else than what this program writes.
 */
export function keptFacts(text: string): DeploymentFacts {
  if (text === '{}') return none;
  const kept: { readonly [K in keyof DeploymentFacts]: unknown } = keptObject<DeploymentFacts>(text, 'outcomes');
  const facts: { -readonly [K in keyof DeploymentFacts]: DeploymentFacts[K] } = {};
  for (const key of texts) {
    const said = kept[key];
    if (said === undefined) continue;
    if (typeof said !== 'string') throw damaged(key);
    facts[key] = said;
  }
  for (const key of times) {
    const said = kept[key];
    if (said === undefined) continue;
    if (typeof said !== 'string' || Number.isNaN(Date.parse(said))) throw damaged(key);
    facts[key] = said;
  }
  const { unplanned, features } = kept;
  if (unplanned !== undefined) {
    if (typeof unplanned !== 'boolean') throw damaged('unplanned');
    facts.unplanned = unplanned;
  }
  if (features !== undefined) facts.features = featuresIn(features);
  return facts;
}

const none: DeploymentFacts = Object.freeze({});

function featuresIn(said: unknown): NonNullable<DeploymentFacts['features']> {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw damaged('features');
  const features: { -readonly [K in keyof NonNullable<DeploymentFacts['features']>]: number } = {};
  for (const id of featureIds) {
    const value: unknown = Object.hasOwn(said, id) ? Reflect.get(said, id) : undefined;
    if (value === undefined) continue;
    if (typeof value !== 'number' || featureProblem(id, value) !== null) throw damaged(id);
    features[id] = value;
  }
  return features;
}

function damaged(member: string): AqeError {
  return new AqeError('AQE6002', `a row of outcomes has ${member} that nobody here wrote`);
}
