import type { Assessment } from '../core/decision/assessment.ts';
import type { PastAssessment } from '../core/history/decided-deployment.ts';
import { decisionRecordOf, type DecisionRecord } from '../core/history/decision-record.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store, StoredAssessment } from '../ports/store.ts';
import { deploymentsIn } from './deployments.ts';
import { keptObject } from './kept-json.ts';

/** Assessments that are read at most, the newest. */
const assessmentsRead = 1000;

export interface DecisionHistory extends DecisionRecord {
  /** Time of the oldest assessment that was read, if there may be older ones: decisions before it are not known. */
  readonly assessmentsFrom: string | null;
}

/** Decisions against outcomes of the service and environment in the last `days` days. @throws AqeError 6xxx. */
export async function decisionHistory(
  deps: { readonly policy: Policy; readonly store: Pick<Store, 'find'>; readonly clock: Clock },
  { days }: { readonly days: number },
): Promise<DecisionHistory> {
  const { service, environment } = deps.policy;
  const deployments = await deploymentsIn(deps.store, { service, environment });
  const records = await deps.store.find('assessments', {
    service,
    environment,
    order: 'newest',
    limit: assessmentsRead,
  });
  const record = decisionRecordOf(deployments, records.map(pastAssessment), {
    now: deps.clock.now().toISOString(),
    days,
  });
  return { ...record, assessmentsFrom: records.length < assessmentsRead ? null : (records.at(-1)?.createdAt ?? null) };
}

/** Assessments of earlier versions of this program lack parts. */
function pastAssessment({ version, createdAt, decision, body }: StoredAssessment): PastAssessment {
  const kept = keptObject<Assessment>(body, 'assessments');
  const gates = kept.gates?.gateResults ?? [];
  return {
    version,
    createdAt,
    decision,
    wouldBe: kept.shadow?.decision ?? null,
    riskScore: figure(kept.risk?.overallRisk),
    failureProbability: complement(figure(kept.confidence?.score)),
    rollbackProbability: figure(kept.rollbackPrediction?.probability),
    overridden: gates.filter(({ overridden }) => overridden !== null).map(({ gate }) => gate),
    emergency: Boolean(kept.approvals?.emergency?.opened),
  };
}

function figure(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function complement(percent: number | null): number | null {
  return percent === null ? null : 100 - percent;
}
