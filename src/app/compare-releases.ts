import { compareReleases, type Comparison } from '../core/compare/compare-releases.ts';
import type { ComparedChance, ComparedRelease } from '../core/compare/compared-release.ts';
import type { Assessment } from '../core/decision/assessment.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Store, StoredAssessment } from '../ports/store.ts';
import { keptAssessment } from './kept-assessment.ts';
import { keptObject } from './kept-json.ts';

/** The newest kept assessments of two releases side by side. @throws AqeError AQE2016 for one that was never assessed, 6xxx. */
export async function comparedReleases(
  { store, policy: { service, environment } }: { readonly store: Pick<Store, 'find'>; readonly policy: Policy },
  { baseline, candidate }: { readonly baseline: string; readonly candidate: string },
): Promise<Comparison> {
  const newest = async (version: string): Promise<ComparedRelease> => {
    const [record] = await store.find('assessments', { service, environment, version, order: 'newest', limit: 1 });
    if (record === undefined) throw new AqeError('AQE2016', `${version} of ${service} in ${environment}`);
    return comparedRelease(record);
  };
  return compareReleases(await newest(baseline), await newest(candidate));
}

/** Assessments of earlier versions of this program lack parts. */
function comparedRelease(record: StoredAssessment): ComparedRelease {
  const { version, createdAt, decision, status, shadow, decisionDigest, signals, gates } = keptAssessment(record);
  const kept = keptObject<Assessment>(record.body, 'assessments');
  return {
    version,
    assessedAt: createdAt,
    decision,
    status,
    wouldBe: shadow?.decision ?? null,
    policyDigest: kept.policyDigest ?? null,
    decisionDigest,
    risk: kept.risk ?? null,
    confidence: chanceOf(kept.confidence, kept.confidence?.score, kept.confidence?.confidenceInterval),
    rollback: chanceOf(
      kept.rollbackPrediction,
      kept.rollbackPrediction?.probability,
      kept.rollbackPrediction?.interval,
    ),
    signals,
    gates,
    evidenceTaken: (kept.evidence ?? []).filter(({ state }) => state === 'measured').map(({ takenAt }) => takenAt),
  };
}

function chanceOf(
  from: Partial<Pick<Assessment['confidence'], 'learnedFrom'>> | undefined,
  percent: number | undefined,
  interval: readonly [number, number] | undefined,
): ComparedChance | null {
  if (percent === undefined) return null;
  const { trainingDigest = null, shows = null, deployments = null, inferred = null } = from?.learnedFrom ?? {};
  return { percent, interval: interval ?? null, trainingDigest, shows, deployments, inferred };
}
