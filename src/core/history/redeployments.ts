/** A deployment as far as its place among the others goes. */
export interface Placed {
  /** Milliseconds. */
  readonly at: number;
  readonly deployment: string;
  readonly version: string;
  /** It reached the environment: it may have done harm there, but it was there. */
  readonly live: boolean;
  /** It is known how it ended, other than well: that stays. */
  readonly settled: boolean;
}

export interface Redeployments<T> {
  /** What was taken out by putting an older version back, and when. */
  readonly rolledBack: ReadonlyMap<T, number>;
  /** Deployments that put an older version back. */
  readonly backTo: ReadonlySet<T>;
}

/**
 * Rollbacks that the deployments of one environment show by themselves: a version that had been there is deployed again in place of
 * one that came there for the first time after it. In any order of the list the answer is the same.
 */
export function redeploymentsIn<T extends Placed>(deployments: Iterable<T>): Redeployments<T> {
  const timeline = [...deployments].filter(({ live }) => live).sort(inTime);
  const firstSeen = new Map<string, number>();
  const rolledBack = new Map<T, number>();
  const backTo = new Set<T>();
  let current: T | null = null;
  for (const [index, each] of timeline.entries()) {
    const before: T | null = current;
    const seen = firstSeen.get(each.version);
    if (seen === undefined) firstSeen.set(each.version, index);
    else if (before !== null && before.version !== each.version && seen < firstSeen.get(before.version)!) {
      if (!before.settled) rolledBack.set(before, each.at);
      backTo.add(each);
    }
    current = each;
  }
  return { rolledBack, backTo };
}

function inTime(a: Placed, b: Placed): number {
  return a.at - b.at || (a.deployment < b.deployment ? -1 : 1);
}
