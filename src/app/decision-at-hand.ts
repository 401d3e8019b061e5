import type { Assessment } from '../core/decision/assessment.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { StoredAssessment, Store } from '../ports/store.ts';
import { keptObject } from './kept-json.ts';
import { whatWasSaid, type Decided, type Said } from './sanctions-now.ts';

/** The latest decision on a release that is kept, with what people said about it. */
export interface DecisionAtHand extends Release {
  readonly decided: Decided;
  readonly status: Assessment['status'];
  readonly assessedAt: string;
  readonly said: Said;
}

export interface Release {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
}

/**
 * What approvals bind to. It is read from the store, so that whoever approves needs no evidence. `digest`: the decision that
 * is meant.
 * @throws AqeError AQE3030, AQE3031, 6xxx.
 */
export async function decisionAtHand(
  { store, policy }: { readonly store: Store; readonly policy: Policy },
  version: string,
  digest?: string,
): Promise<DecisionAtHand> {
  const release = { service: policy.service, version, environment: policy.environment };
  const [[latest], said] = await Promise.all([
    store.find('assessments', { ...release, order: 'newest', limit: 1 }),
    whatWasSaid(store, release),
  ]);
  if (latest === undefined)
    throw new AqeError('AQE3030', `there is none of ${release.service} ${version} to ${release.environment}`);
  if (digest !== undefined && digest !== latest.decisionDigest)
    throw new AqeError('AQE3031', `the latest assessment has ${latest.decisionDigest}`, { digest });
  const { rules, gates, change, policyChange, status } = assessmentIn(latest);
  const decided = { decisionDigest: latest.decisionDigest, rules, gates, change, policyChange };
  return { ...release, decided, status, assessedAt: latest.createdAt, said };
}

type Kept = Pick<Assessment, 'rules' | 'gates' | 'change' | 'policyChange' | 'status' | 'approvals'>;

function assessmentIn({ body, createdAt }: StoredAssessment): Kept {
  const { rules, gates, change, policyChange = null, status, approvals } = keptObject<Kept>(body, 'assessments');
  if (rules && gates && change !== undefined && status && approvals)
    return { rules, gates, change, policyChange, status, approvals };
  throw new AqeError('AQE3030', `the one of ${createdAt} was made by a version that knew no approvals`);
}
