import type { Binding } from './evidence.ts';

/** What is known of one report's origin. Commit names may be abbreviated; `sameCommit` decides. */
export interface Claims {
  /** From the report itself. */
  readonly reportCommit: string | null;
  readonly reportTime: string | null;
  readonly sidecar: SidecarClaim | null;
  /** From the config entry of the file. */
  readonly configCommit: string | null;
  /** Where a tracked and unmodified file got its content; null for other files. */
  readonly committed: { readonly commit: string; readonly committedAt: string } | null;
  /** A tracked file whose commit lies beyond the edge of a shallow clone: its time is that of the checkout and says nothing. */
  readonly beyondHistory: boolean;
  /**
   * No measurement but a statement that people keep with the sources (VEX): where it is committed it holds for every release
   * that contains it, at any age.
   */
  readonly isStatement: boolean;
  readonly modifiedAt: string;
}

export interface SidecarClaim {
  readonly commit: string | null;
  /** The stamped sources are those of the release, by content, whatever their commit is called. */
  readonly sameSources: boolean;
  readonly stampedAt: string;
}

export interface ReleasePoint {
  readonly commit: string;
  readonly committedAt: string;
}

export interface BindOptions {
  /** null outside version control: then nothing can be compared and only age counts. */
  readonly release: ReleasePoint | null;
  readonly sameCommit: (name: string, commit: string) => boolean;
  /** Milliseconds; null for no limit. */
  readonly maxAge: number | null;
  /** Evidence that only its file time ties to the release does not count. */
  readonly requireCommit: boolean;
  readonly now: string;
}

export interface Bound {
  readonly state: 'measured' | 'stale';
  readonly reason: string;
  readonly boundBy: Binding;
  readonly commit: string | null;
  readonly takenAt: string;
}

/** Clocks of build machines differ: times within this distance count as equal, milliseconds. */
const clockTolerance = 5 * 60_000;

/**
 * Ties a report to the release or calls it stale. A named commit always decides; without one a tracked file belongs to
 * the commit that brought it, and any other file to the release if it is no older than the release's commit. Age is checked last.
 */
export function bind(claims: Claims, options: BindOptions): Bound {
  const takenAt = claims.reportTime ?? claims.sidecar?.stampedAt ?? claims.committed?.committedAt ?? claims.modifiedAt;
  const origin = originOf(claims, options);
  if (origin.reason !== '') return { ...origin, state: 'stale', takenAt };
  const age = Date.parse(options.now) - Date.parse(takenAt);
  if (Number.isNaN(age))
    return { ...origin, state: 'stale', takenAt, reason: `dated with something that is not a time (${takenAt})` };
  if (age < -clockTolerance) return { ...origin, state: 'stale', takenAt, reason: `dated in the future (${takenAt})` };
  const ages = !(claims.isStatement && origin.boundBy === 'history');
  if (ages && options.maxAge !== null && age > options.maxAge) {
    return {
      ...origin,
      state: 'stale',
      takenAt,
      reason: `${duration(age)} old, the limit is ${duration(options.maxAge)}`,
    };
  }
  return { ...origin, state: 'measured', takenAt };
}

interface Origin {
  readonly boundBy: Binding;
  readonly commit: string | null;
  readonly reason: string;
}

function originOf(claims: Claims, options: BindOptions): Origin {
  const origin = looseOriginOf(claims, options);
  const loose = origin.boundBy === 'file-time' || origin.boundBy === 'none';
  if (!options.requireCommit || !loose || origin.reason !== '') return origin;
  return { ...origin, reason: 'not bound to a commit, which evidence.require_commit asks for: stamp it' };
}

function looseOriginOf(claims: Claims, { release, sameCommit }: BindOptions): Origin {
  const { sidecar } = claims;
  const named = (
    [
      ['report', claims.reportCommit],
      ['sidecar', sidecar?.commit ?? null],
      ['config', claims.configCommit],
    ] as const
  ).filter((claim): claim is readonly ['report' | 'sidecar' | 'config', string] => claim[1] !== null);
  if (release === null) {
    return { boundBy: 'none', commit: named[0]?.[1] ?? null, reason: '' };
  }
  if (named.length > 0) {
    // Content binds as strongly as a name: commits are renamed by rebases and squashes, sources are not.
    const ofRelease = (commit: string): boolean =>
      sameCommit(commit, release.commit) ||
      (sidecar !== null && sidecar.sameSources && sidecar.commit !== null && sameCommit(commit, sidecar.commit));
    const foreign = named.find(([, commit]) => !ofRelease(commit));
    if (foreign) {
      return {
        boundBy: foreign[0],
        commit: foreign[1],
        reason: `belongs to commit ${short(foreign[1])}, the release is ${short(release.commit)}`,
      };
    }
    const [boundBy, commit] = named[0]!;
    return { boundBy: sameCommit(commit, release.commit) ? boundBy : 'sources', commit, reason: '' };
  }
  if (sidecar?.sameSources) return { boundBy: 'sources', commit: null, reason: '' };
  if (claims.committed) {
    const { commit, committedAt } = claims.committed;
    const contained = claims.isStatement && Date.parse(committedAt) <= Date.parse(release.committedAt);
    const reason =
      contained || commit === release.commit
        ? ''
        : `was committed in ${short(commit)}, the release is ${short(release.commit)}`;
    return { boundBy: 'history', commit, reason };
  }
  if (claims.beyondHistory) {
    return {
      boundBy: 'none',
      commit: null,
      reason: 'was committed before the shallow clone begins, so its commit is not known',
    };
  }
  // Not "older than": a time that cannot be compared must not pass.
  const older = !(Date.parse(claims.modifiedAt) >= Date.parse(release.committedAt) - clockTolerance);
  return {
    boundBy: 'file-time',
    commit: null,
    reason: older ? `written before the release's commit (${claims.modifiedAt})` : '',
  };
}

function short(commit: string): string {
  return commit.slice(0, 9);
}

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** `90000` → `90s`, `7200000` → `2h`: the largest unit that shows at least two of it, rounded down. */
export function duration(milliseconds: number): string {
  for (const [name, size] of units) if (milliseconds >= 2 * size) return `${Math.floor(milliseconds / size)}${name}`;
  return `${Math.max(0, Math.floor(milliseconds / 1000))}s`;
}
