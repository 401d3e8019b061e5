import { compareForOneCommit, parseReleaseName, type ReleaseName } from '../evidence/release-name.ts';
import { quantile } from './quantile.ts';
import type { Outcome } from './outcome.ts';

export interface TagSeen {
  readonly name: string;
  readonly commit: string;
  readonly at: string;
}

export interface CommitSeen {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly committedAt: string;
  readonly subject: string;
  readonly reverts: readonly string[];
}

/** A release, and what the history of the code after it suggests of how it ended. */
export interface InferredRelease {
  readonly version: string;
  readonly commit: string;
  readonly at: string;
  readonly outcome: Outcome | 'pending';
  readonly reason: string;
  /** When the release that repaired it was made. */
  readonly recoveredAt: string | null;
  /** It was made to repair the one before. */
  readonly unplanned: boolean;
  /** Oldest and newest commit that came with it; null if none did. */
  readonly firstCommitAt: string | null;
  readonly committedAt: string | null;
}

const dayMs = 86_400_000;
/** A hotfix follows within three days, and within a third of the usual time between two releases. */
const longestHotfix = 3 * dayMs;
/** A revert tells of a failure if it was made before the next release would usually be out, and within 30 days. */
const longestRevert = 30 * dayMs;
/** Fewer gaps than this say nothing of what is usual. */
const fewestGaps = 3;
const repairWords = /\b(?:hot-?fix|bug-?fix|fix(?:e[sd])?|revert(?:s|ed)?|regressions?|broken|breakage|roll-?back)\b/i;

/** Packages that tags name, by their prefix: `checkout-` of `checkout-v1.2.0`; empty for tags without one. */
export function releasePrefixes(tags: readonly TagSeen[]): readonly string[] {
  return [...new Set(releasesAmong(tags).map(({ parsed }) => parsed.prefix))].sort();
}

/**
 * The releases of one package, oldest first, each with the outcome that the releases after it suggest. Pre-releases are left out, and of
 * several tags of one commit all but the most telling. Good for a base rate and nothing else: nobody watched.
 */
export function inferOutcomes(
  tags: readonly TagSeen[],
  commits: readonly CommitSeen[],
  { prefix, now }: { readonly prefix: string; readonly now: string },
): readonly InferredRelease[] {
  const releases = onePerCommit(releasesAmong(tags).filter(({ parsed }) => parsed.prefix === prefix));
  const content = contentOf(releases, commits);
  const times = releases.map(({ tag }) => Date.parse(tag.at));
  const cadence = usualGap(times);
  const hotfixWindow = Math.min(longestHotfix, cadence === null ? longestHotfix : cadence / 3);
  const revertWindow = Math.min(longestRevert, cadence ?? longestRevert);
  const isHotfix = releases.map(({ parsed }, index) => {
    const before = releases[index - 1];
    if (before === undefined || times[index]! - times[index - 1]! > hotfixWindow) return false;
    return isPatchOf(parsed, before.parsed) && (content[index] ?? []).some(({ subject }) => repairWords.test(subject));
  });
  const reverted = revertedIn(content, times, revertWindow);
  return releases.map(({ tag }, index) => {
    const own = (content[index] ?? []).map(({ committedAt }) => committedAt).sort();
    const next = releases[index + 1]?.tag;
    const by = reverted.get(index);
    const ended = (): Pick<InferredRelease, 'outcome' | 'reason' | 'recoveredAt'> => {
      if (next && isHotfix[index + 1])
        return { outcome: 'hotfixed', reason: `${next.name} repaired it soon after`, recoveredAt: next.at };
      if (by !== undefined) {
        const repair = releases[by]!.tag;
        return { outcome: 'failed', reason: `${repair.name} reverts a commit of it`, recoveredAt: repair.at };
      }
      const isOpen = !next && Date.parse(now) - times[index]! < hotfixWindow;
      if (isOpen) return { outcome: 'pending', reason: 'it is too new to tell', recoveredAt: null };
      return { outcome: 'success', reason: 'no repair followed soon', recoveredAt: null };
    };
    return {
      version: tag.name,
      commit: tag.commit,
      at: tag.at,
      ...ended(),
      unplanned: isHotfix[index]!,
      firstCommitAt: own[0] ?? null,
      committedAt: own.at(-1) ?? null,
    };
  });
}

interface Release {
  readonly tag: TagSeen;
  readonly parsed: ReleaseName;
}

function releasesAmong(tags: readonly TagSeen[]): readonly Release[] {
  return tags.flatMap((tag) => {
    const parsed = parseReleaseName(tag.name);
    return parsed === null || parsed.preRelease ? [] : [{ tag, parsed }];
  });
}

/** Oldest first. */
function onePerCommit(releases: readonly Release[]): readonly Release[] {
  const byCommit = new Map<string, Release>();
  const ordered = releases.toSorted(
    (a, b) => compareForOneCommit(a.parsed, b.parsed) || (a.tag.name < b.tag.name ? -1 : 1),
  );
  for (const release of ordered) if (!byCommit.has(release.tag.commit)) byCommit.set(release.tag.commit, release);
  return [...byCommit.values()].sort((a, b) =>
    a.tag.at !== b.tag.at ? (a.tag.at < b.tag.at ? -1 : 1) : a.tag.name < b.tag.name ? -1 : 1,
  );
}

/** Commits that came with each release: those that it contains and no older release does. */
function contentOf(releases: readonly Release[], commits: readonly CommitSeen[]): readonly (readonly CommitSeen[])[] {
  const known = new Map(commits.map((each) => [each.commit, each]));
  const taken = new Set<string>();
  return releases.map(({ tag }) => {
    const own: CommitSeen[] = [];
    const open = [tag.commit];
    while (open.length > 0) {
      const id = open.pop()!;
      const commit = known.get(id);
      if (commit === undefined || taken.has(id)) continue;
      taken.add(id);
      own.push(commit);
      open.push(...commit.parents);
    }
    return own;
  });
}

/** By the place of a release, that of the first later one which reverts a commit of it soon enough. */
function revertedIn(
  content: readonly (readonly CommitSeen[])[],
  times: readonly number[],
  window: number,
): ReadonlyMap<number, number> {
  const home = new Map<string, number>();
  for (const [index, commits] of content.entries()) for (const { commit } of commits) home.set(commit, index);
  const short = new Map<string, number>();
  for (const [commit, index] of home) short.set(commit.slice(0, 7), index);
  const found = new Map<number, number>();
  for (const [index, commits] of content.entries())
    for (const { reverts, committedAt } of commits)
      for (const id of reverts) {
        const of = home.get(id) ?? (id.length < 40 ? short.get(id.slice(0, 7)) : undefined);
        if (of === undefined || of >= index || Date.parse(committedAt) - times[of]! > window) continue;
        if (!found.has(of)) found.set(of, index);
      }
  return found;
}

/** The middle of the times between two releases, in milliseconds; null for too few of them. */
function usualGap(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  return gaps.length < fewestGaps ? null : quantile(gaps, 0.5);
}

/** `1.2.4` after `1.2.3`: all numbers but the last are the same, and the last is greater; or a suffix was added. */
function isPatchOf(one: ReleaseName, before: ReleaseName): boolean {
  const length = Math.max(one.numbers.length, before.numbers.length);
  if (length < 3) return false;
  const at = ({ numbers }: ReleaseName, index: number): number => numbers[index] ?? 0;
  for (let index = 0; index < length - 1; index += 1) if (at(one, index) !== at(before, index)) return false;
  const [last, lastBefore] = [at(one, length - 1), at(before, length - 1)];
  return last > lastBefore || (last === lastBefore && one.suffix !== before.suffix);
}
