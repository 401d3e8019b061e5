import { decidedDeployment, isOpened, standingOf, standings } from './decided-deployment.ts';
import type { DecidedDeployment, DeploymentStanding, PastAssessment } from './decided-deployment.ts';
import type { Deployment } from './outcome.ts';
import { shareOf, type Share } from './share.ts';
import { windowed, type TimeWindow } from './time-window.ts';
import { trendOf, type Trend } from './trend.ts';

/** What became of the deployments that stood alike when they went out. */
export interface OutcomeCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly pending: number;
  /** The outcome is a guess from the history of the code, and counts in no share. */
  readonly inferred: number;
}

/** Decisions against outcomes, for one service in one environment. */
export interface DecisionRecord {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** In the window, the newest first. */
  readonly deployments: readonly DecidedDeployment[];
  /** After now, the nearest first; they count nowhere. */
  readonly future: readonly DecidedDeployment[];
  /** All counts together are the deployments in the window. */
  readonly counts: Readonly<Record<DeploymentStanding, OutcomeCounts>>;
  /** Approved ones that failed, of all approved ones with an observed outcome. */
  readonly falsePass: Share;
  /** Blocked ones that went out all the same and succeeded, and that failed, of all that did. */
  readonly falseBlock: Share;
  readonly trueBlock: Share;
  /** Blocked releases that never went out, so nobody knows: they are in no share. The newest first. */
  readonly blockedForGood: readonly string[];
  /** Failures among the releases that people opened a closed gate for, and among all others. */
  readonly regret: { readonly opened: Share; readonly others: Share };
  readonly trend: Trend;
}

/** The order of the lists changes nothing, but for assessments of one version and instant: the first of them counts. */
export function decisionRecordOf(
  deployments: readonly Deployment[],
  assessments: readonly PastAssessment[],
  window: TimeWindow,
): DecisionRecord {
  const { from, inside, future } = windowed(deployments, window);
  const byVersion = assessmentsByVersion(assessments);
  const decide = (each: Deployment): DecidedDeployment => decidedDeployment(each, byVersion.get(each.version));
  const decided = inside.map(decide).sort(inTime).reverse();
  const counts = countsOf(decided);
  const { approved, blocked } = counts;
  return {
    from,
    to: window.now,
    days: window.days,
    deployments: decided,
    future: future.map(decide).sort(inTime),
    counts,
    falsePass: shareOf(approved.failed, approved.failed + approved.succeeded),
    falseBlock: shareOf(blocked.succeeded, blocked.failed + blocked.succeeded),
    trueBlock: shareOf(blocked.failed, blocked.failed + blocked.succeeded),
    blockedForGood: blockedForGood(byVersion, deployments, from, window.now),
    regret: regretOf(decided),
    trend: trendOf(decided, window),
  };
}

function assessmentsByVersion(assessments: readonly PastAssessment[]): ReadonlyMap<string, readonly PastAssessment[]> {
  const byVersion = new Map<string, PastAssessment[]>();
  for (const assessment of assessments) {
    const known = byVersion.get(assessment.version);
    if (known) known.push(assessment);
    else byVersion.set(assessment.version, [assessment]);
  }
  for (const known of byVersion.values()) known.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  return byVersion;
}

function inTime(a: DecidedDeployment, b: DecidedDeployment): number {
  const [one, other] = [Date.parse(a.deployedAt), Date.parse(b.deployedAt)];
  if (one !== other) return one - other;
  return a.deployment < b.deployment ? -1 : a.deployment > b.deployment ? 1 : 0;
}

function countsOf(decided: readonly DecidedDeployment[]): DecisionRecord['counts'] {
  const none = { succeeded: 0, failed: 0, pending: 0, inferred: 0 };
  const counts = Object.fromEntries(standings.map((each) => [each, { ...none }])) as Record<
    DeploymentStanding,
    { -readonly [K in keyof OutcomeCounts]: number }
  >;
  for (const { standing, weight, outcome } of decided)
    counts[standing][weight === 'observed' ? (outcome === 'success' ? 'succeeded' : 'failed') : weight] += 1;
  return counts;
}

/** Versions whose newest assessment of the window says BLOCKED and that were never deployed. */
function blockedForGood(
  byVersion: ReadonlyMap<string, readonly PastAssessment[]>,
  deployments: readonly Deployment[],
  from: string,
  now: string,
): readonly string[] {
  const deployed = new Set(deployments.map(({ version }) => version));
  const [start, end] = [Date.parse(from), Date.parse(now)];
  return [...byVersion.values()]
    .flatMap((all) => {
      const newest = all.find(({ createdAt }) => Date.parse(createdAt) <= end);
      if (newest === undefined || Date.parse(newest.createdAt) < start || deployed.has(newest.version)) return [];
      return standingOf(newest.decision, newest) === 'blocked' ? [newest] : [];
    })
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.version < b.version ? -1 : 1))
    .map(({ version }) => version);
}

function regretOf(decided: readonly DecidedDeployment[]): DecisionRecord['regret'] {
  const known = decided.filter(({ weight }) => weight === 'observed');
  const opened = known.filter(({ assessment }) => assessment !== null && isOpened(assessment));
  const failures = (among: readonly DecidedDeployment[]): number =>
    among.filter(({ outcome }) => outcome !== 'success').length;
  const failedOpened = failures(opened);
  return {
    opened: shareOf(failedOpened, opened.length),
    others: shareOf(failures(known) - failedOpened, known.length - opened.length),
  };
}
