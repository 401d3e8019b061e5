import type { Deployment } from './outcome.ts';
import { quantile } from './quantile.ts';
import { shareOf, type Share } from './share.ts';
import { fewestForShare, weightOf, windowed, type TimeWindow } from './time-window.ts';

const hourMs = 3_600_000;

/** How steady a service has been. Only observed outcomes count; pending, inferred and future ones do not. */
export interface Stability {
  /** Deployments with an observed outcome in the window. */
  readonly n: number;
  readonly failed: number;
  readonly rolledBack: number;
  /** Failed ones of all, percent; null for fewer than five deployments. */
  readonly failureRate: number | null;
  /** Rolled back ones of all, percent; null for fewer than five deployments. */
  readonly rollbackFrequency: number | null;
  /** From the deployment that failed to the recovery; null for fewer than five recoveries. */
  readonly meanHoursToRecover: number | null;
  /** Failures of which it is known when the service was well again. */
  readonly recoveries: number;
}

export function stabilityOf(deployments: readonly Deployment[], window: TimeWindow): Stability {
  const known = windowed(deployments, window).inside.filter((each) => weightOf(each) === 'observed');
  const failed = known.filter(({ outcome }) => outcome !== 'success');
  const rolledBack = failed.filter(({ outcome }) => outcome === 'rolled-back').length;
  const hours = failed.flatMap((each) => hoursToRecover(each) ?? []);
  return {
    n: known.length,
    failed: failed.length,
    rolledBack,
    failureRate: percent(failed.length, known.length),
    rollbackFrequency: percent(rolledBack, known.length),
    meanHoursToRecover:
      hours.length < fewestForShare
        ? null
        : hours.sort((a, b) => a - b).reduce((sum, each) => sum + each, 0) / hours.length,
    recoveries: hours.length,
  };
}

function percent(part: number, whole: number): number | null {
  return whole < fewestForShare ? null : (100 * part) / whole;
}

/** From the deployment to the recovery, in hours; null where that is not known, or said to lie before the deployment. */
function hoursToRecover({ deployedAt, facts }: Pick<Deployment, 'deployedAt' | 'facts'>): number | null {
  if (facts.recoveredAt === undefined) return null;
  const hours = (Date.parse(facts.recoveredAt) - Date.parse(deployedAt)) / hourMs;
  return hours >= 0 ? hours : null;
}

/** A figure in hours over `n` deployments; null for fewer than five. */
export interface Hours {
  readonly n: number;
  readonly medianHours: number | null;
  readonly p90Hours: number | null;
}

/** The five delivery metrics of one service in one environment. What they mean: docs/explain/dora.md. */
export interface DeliveryMetrics {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** Deployments with an observed outcome: the only ones that count. */
  readonly n: number;
  readonly pending: number;
  readonly inferred: number;
  /** Deployments that lie after now. */
  readonly future: number;
  readonly leadTime: Hours & {
    /** Of how many the oldest commit was known, and of how many only the newest. */
    readonly fromFirstCommit: number;
    readonly fromNewestCommit: number;
    /** Deployments of a version that had been deployed before: they bring no change, so they have no lead time. */
    readonly again: number;
    /** Without a commit time, or with one after the deployment. */
    readonly unknown: number;
  };
  readonly deploymentFrequency: { readonly n: number; readonly perDay: number | null };
  readonly recoveryTime: Hours & {
    /** Failures of which nobody said when the service was well again. */
    readonly unknown: number;
  };
  readonly changeFailRate: Share;
  readonly reworkRate: Share & {
    /** Deployments that do not say whether they were planned. The share counts them as planned, so it is the least it can be. */
    readonly unknown: number;
  };
}

export function deliveryMetricsOf(deployments: readonly Deployment[], window: TimeWindow): DeliveryMetrics {
  const { from, inside, future } = windowed(deployments, window);
  const counted = inside.filter((each) => weightOf(each) === 'observed');
  const n = counted.length;
  const failed = counted.filter(({ outcome }) => outcome !== 'success');
  const first = firstOfVersions(deployments);
  const fresh = counted.filter((each) => first.get(each.version) === each);
  const leads = fresh.flatMap((each) => leadTimeOf(each) ?? []);
  const fromFirstCommit = leads.filter(({ first }) => first).length;
  const recoveries = failed.flatMap((each) => hoursToRecover(each) ?? []);
  return {
    from,
    to: window.now,
    days: window.days,
    n,
    pending: inside.filter((each) => weightOf(each) === 'pending').length,
    inferred: inside.filter((each) => weightOf(each) === 'inferred').length,
    future: future.length,
    leadTime: {
      ...hoursOf(leads.map(({ hours }) => hours)),
      fromFirstCommit,
      fromNewestCommit: leads.length - fromFirstCommit,
      again: n - fresh.length,
      unknown: fresh.length - leads.length,
    },
    deploymentFrequency: { n, perDay: n < fewestForShare ? null : n / window.days },
    recoveryTime: { ...hoursOf(recoveries), unknown: failed.length - recoveries.length },
    changeFailRate: shareOf(failed.length, n),
    reworkRate: reworkRate(counted),
  };
}

function hoursOf(hours: readonly number[]): Hours {
  const enough = hours.length >= fewestForShare;
  return {
    n: hours.length,
    medianHours: enough ? quantile(hours, 0.5) : null,
    p90Hours: enough ? quantile(hours, 0.9) : null,
  };
}

/** By version, its first deployment that somebody or something saw, pending or not, however long ago. */
function firstOfVersions(deployments: readonly Deployment[]): ReadonlyMap<string, Deployment> {
  const first = new Map<string, Deployment>();
  for (const each of deployments) {
    if (each.basis === 'inferred') continue;
    const known = first.get(each.version);
    if (known === undefined || isBefore(each, known)) first.set(each.version, each);
  }
  return first;
}

function isBefore(one: Deployment, other: Deployment): boolean {
  const [a, b] = [Date.parse(one.deployedAt), Date.parse(other.deployedAt)];
  return a < b || (a === b && one.deployment < other.deployment);
}

/** From the oldest commit that is known to the deployment; null where none is, or where it lies after the deployment. */
function leadTimeOf({ deployedAt, facts }: Deployment): { readonly hours: number; readonly first: boolean } | null {
  const start = facts.firstCommitAt ?? facts.committedAt;
  if (start === undefined) return null;
  const hours = (Date.parse(deployedAt) - Date.parse(start)) / hourMs;
  return hours >= 0 ? { hours, first: facts.firstCommitAt !== undefined } : null;
}

/** Where not one deployment says whether it was planned, nothing is known, and that is no rate of zero. */
function reworkRate(counted: readonly Deployment[]): DeliveryMetrics['reworkRate'] {
  const unplanned = counted.filter(({ facts }) => facts.unplanned === true).length;
  const unknown = counted.filter(({ facts }) => facts.unplanned === undefined).length;
  const share = shareOf(unplanned, counted.length);
  return unknown === counted.length ? { ...share, percent: null, interval: null, unknown } : { ...share, unknown };
}
