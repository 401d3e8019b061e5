import { recordOf, type ForecastRecord } from '../core/backtest/forecasts.ts';
import { matcher } from '../core/backtest/match.ts';
import {
  recordedDecisions,
  replayOf,
  type RecordedDecisions,
  type Replay,
  type ReplayedRelease,
} from '../core/backtest/replay.ts';
import type { Decision } from '../core/decision/decide.ts';
import type { Deployment, Outcome } from '../core/history/outcome.ts';
import { weightOf, windowed } from '../core/history/time-window.ts';
import type { Policy } from '../core/policy/policy.ts';
import { walkForward } from '../core/prediction/walk-forward.ts';
import type { Clock } from '../ports/clock.ts';
import type { NamedPolicy, PolicyDesk } from '../ports/policy-desk.ts';
import type { Store } from '../ports/store.ts';
import { deploymentsIn } from './deployments.ts';
import { judgeOf, partsNotJudged } from './judge-again.ts';
import { keptAssessment, type KeptAssessment } from './kept-assessment.ts';

/** Assessments that are looked through, the newest. */
const assessmentsRead = 2_000;

export interface BacktestDeps {
  readonly policy: Policy;
  readonly policyDesk: Pick<PolicyDesk, 'named'>;
  readonly store: Pick<Store, 'find'>;
  readonly clock: Clock;
}

export interface BacktestQuery {
  /** As `PolicyDesk.named`; null: the recorded decisions alone. */
  readonly policy: string | null;
  /** null: the policy in force says. */
  readonly costRatio: number | null;
  /** Days before now whose releases are judged; null: all. What they are forecast from is not cut. */
  readonly days: number | null;
}

/** Deployments that are recorded; the last five add up to the first. */
export interface BacktestCounts {
  readonly deployments: number;
  /** Deployed before the days that are asked for. */
  readonly older: number;
  /** Deployed after now: somebody's clock is wrong, or they are plans. */
  readonly future: number;
  readonly pending: number;
  readonly inferred: number;
  readonly judged: number;
}

export interface Backtest {
  readonly service: string;
  readonly environment: string;
  /** ISO-8601 UTC. */
  readonly asOf: string;
  readonly days: number | null;
  readonly costRatio: number;
  readonly counts: BacktestCounts;
  readonly forecasts: ForecastRecord;
  readonly recorded: RecordedDecisions;
  /** null where no other policy is asked for. */
  readonly policy: (Replay & { readonly name: string; readonly partsNotJudged: readonly string[] }) | null;
}

type Known = Deployment & { readonly outcome: Outcome };

/**
 * Replays recorded releases in time: what was forecast before each of them and what was decided, or what another policy would have
 * decided, against how it ended. Outcomes that are pending or inferred are counted and judge nothing.
 * @throws AqeError AQE1003–AQE1005, AQE2012 and AQE3040 for the policy, and 6xxx.
 */
export async function backtest(deps: BacktestDeps, asked: BacktestQuery): Promise<Backtest> {
  const { policy, policyDesk, store, clock } = deps;
  const { service, environment, prediction } = policy;
  const other = asked.policy === null ? null : await policyDesk.named(asked.policy);
  const asOf = clock.now().toISOString();
  const all = await deploymentsIn(store, { service, environment });
  const past = windowed(all, { now: asOf, days: Infinity }).inside;
  const inside = asked.days === null ? past : windowed(past, { now: asOf, days: asked.days }).inside;
  const known = inside.filter((each): each is Known => weightOf(each) === 'observed');
  const count = (weight: 'pending' | 'inferred'): number => inside.filter((each) => weightOf(each) === weight).length;
  const costRatio = asked.costRatio ?? prediction.costRatio;
  const names = new Set(known.map(({ deployment }) => deployment));
  const forecasts = walkForward({ deployments: past, settings: prediction });
  const releases = await replayed(deps, known.toReversed(), other);
  return {
    service,
    environment,
    asOf,
    days: asked.days,
    costRatio,
    counts: {
      deployments: all.length,
      older: past.length - inside.length,
      future: all.length - past.length,
      pending: count('pending'),
      inferred: count('inferred'),
      judged: known.length,
    },
    forecasts: recordOf(
      forecasts.filter(({ deployment }) => names.has(deployment)),
      costRatio,
    ),
    recorded: recordedDecisions(releases),
    policy: other && {
      name: other.name,
      ...replayOf(releases),
      partsNotJudged: partsNotJudged(policy, other.policy),
    },
  };
}

async function replayed(
  { policy: { service, environment }, store }: BacktestDeps,
  deployments: readonly Known[],
  other: NamedPolicy | null,
): Promise<readonly ReplayedRelease[]> {
  if (deployments.length === 0) return [];
  const records = await store.find('assessments', { service, environment, order: 'newest', limit: assessmentsRead });
  const kept = records.map(keptAssessment);
  const find = matcher(kept);
  const judgeAgain = judgeOf(kept);
  // In shadow mode nothing would be blocked: what is asked is what it would come to in earnest.
  const earnest: Policy | null = other && { ...other.policy, mode: 'enforce' };
  const more = kept.length < assessmentsRead ? '' : `, among the newest ${assessmentsRead} that are looked through`;
  return deployments.map((each) => {
    const { version, deployment, deployedAt, outcome, facts } = each;
    const { assessment, reason } = find(each);
    return {
      version,
      deployment,
      deployedAt,
      outcome,
      recorded: recordedDecision(facts.decision ?? null, assessment),
      judged: assessment && earnest && judgeAgain(assessment, earnest).decision,
      reason: earnest && reason && `${reason}${more}`,
    };
  });
}

const decisions: readonly Decision[] = ['APPROVED', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL'];

/**
 * What was recorded with the deployment, else what its assessment says; in shadow mode, in which nothing is blocked, what would have
 * been decided. null for a word of others.
 */
function recordedDecision(stated: string | null, assessment: KeptAssessment | null): Decision | null {
  const shadowed = assessment !== null && (stated ?? assessment.decision) === assessment.decision;
  const word = (shadowed ? assessment.shadow?.decision : null) ?? stated ?? assessment?.decision;
  return decisions.find((each) => each === word) ?? (word === 'APPROVED_WITH_WARNINGS' ? 'APPROVED' : null);
}
