import type { Decision } from '../decision/decide.ts';
import { hasFailed, type Outcome } from '../history/outcome.ts';
import { verdictsOf, type Verdicts } from './verdicts.ts';

/** A deployment with a known end, and what was and would have been decided about it. */
export interface ReplayedRelease {
  readonly version: string;
  readonly deployment: string;
  readonly deployedAt: string;
  readonly outcome: Outcome;
  /** Decision in force when it was deployed; null: none is recorded. */
  readonly recorded: Decision | null;
  /** Decision of the other policy; null: it cannot be judged again, for `reason`. */
  readonly judged: Decision | null;
  readonly reason: string | null;
}

/** What the recorded decisions were worth. */
export interface RecordedDecisions {
  readonly verdicts: Verdicts;
  /** Releases without a recorded decision. */
  readonly unknown: number;
}

/** What another policy would have been worth. Lists are the newest first. */
export interface Replay {
  readonly verdicts: Verdicts;
  /** The recorded decisions about the releases that are in `verdicts`, as far as they are recorded. */
  readonly recordedOfSame: Verdicts;
  readonly blocked: readonly ReplayedRelease[];
  /** Those that are decided otherwise than recorded. */
  readonly differing: readonly ReplayedRelease[];
  /** How many go from one decision to another. */
  readonly summary: readonly { readonly before: Decision; readonly after: Decision; readonly count: number }[];
  /** Why releases cannot be judged again, with the newest of them. */
  readonly notJudged: readonly {
    readonly reason: string;
    readonly count: number;
    readonly versions: readonly string[];
  }[];
}

/** Versions that are named for one reason. */
const named = 20;

export function recordedDecisions(
  releases: readonly Pick<ReplayedRelease, 'recorded' | 'outcome'>[],
): RecordedDecisions {
  const known = releases.filter(({ recorded }) => recorded !== null);
  return { verdicts: verdictsBy(known, 'recorded'), unknown: releases.length - known.length };
}

/** `releases` are the newest first. */
export function replayOf(releases: readonly ReplayedRelease[]): Replay {
  const judged = releases.filter((each) => each.judged !== null);
  const differing = judged.filter(({ recorded, judged: now }) => recorded !== null && recorded !== now);
  const changes = Map.groupBy(differing, ({ recorded, judged: now }) => `${recorded} ${now}`);
  const reasons = Map.groupBy(
    releases.filter(({ reason }) => reason !== null),
    ({ reason }) => reason!,
  );
  return {
    verdicts: verdictsBy(judged, 'judged'),
    recordedOfSame: recordedDecisions(judged).verdicts,
    blocked: judged.filter((each) => each.judged === 'BLOCKED'),
    differing,
    summary: [...changes.values()]
      .map((all) => ({ before: all[0]!.recorded!, after: all[0]!.judged!, count: all.length }))
      .sort((a, b) => b.count - a.count),
    notJudged: [...reasons]
      .map(([reason, all]) => ({
        reason,
        count: all.length,
        versions: all.slice(0, named).map(({ version }) => version),
      }))
      .sort((a, b) => b.count - a.count),
  };
}

/** APPROVED lets a release through and BLOCKED does not; what waits or lacks evidence is neither. */
function verdictsBy<K extends 'recorded' | 'judged'>(
  releases: readonly (Pick<ReplayedRelease, 'outcome'> & Readonly<Record<K, Decision | null>>)[],
  key: K,
): Verdicts {
  return verdictsOf(
    releases.map((each) => ({
      blocked: each[key] === 'BLOCKED' ? true : each[key] === 'APPROVED' ? false : null,
      failed: hasFailed(each) === true,
    })),
  );
}
