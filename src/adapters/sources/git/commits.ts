import { classifyCommit } from '../../../core/evidence/conventional-commit.ts';
import type { ReleaseChange } from '../../../core/evidence/change.ts';
import { unexpectedOutput } from './git-errors.ts';
import type { Repository } from './repository.ts';

type Kinds = { -readonly [kind in keyof ReleaseChange['kinds']]: number };
type Author = { name: string; email: string; commits: number };

export interface RangeCommits {
  readonly commits: number;
  /** By lower-case e-mail address, the name as in the newest commit. */
  readonly authors: ReadonlyMap<string, Readonly<Author>>;
  readonly kinds: ReleaseChange['kinds'];
  readonly highlights: ReleaseChange['highlights'];
}

const mostHighlights = 50;
const longestSubject = 500;
const counters = { feature: 'features', fix: 'fixes', performance: 'performance', other: 'other' } as const;
/** Every commit that touched the project, also those whose change a merge dropped: people worked on them. */
const options = ['log', '-z', '--no-merges', '--full-history'];

/** Commits of the project that `head` has and `baseline` has not. */
export async function rangeCommits(
  { history, paths }: Repository,
  baseline: string | null,
  head: string,
): Promise<RangeCommits> {
  let commits = 0;
  const authors = new Map<string, Author>();
  const kinds: Kinds = { features: 0, fixes: 0, performance: 0, breaking: 0, other: 0 };
  const highlights: ReleaseChange['highlights'][number][] = [];
  const range = baseline === null ? [head] : [head, `^${baseline}`];
  const args = [...options, '--format=%H%x00%an%x00%ae%x00%s%x00%b', '--end-of-options', ...range];
  const read = inGroups(5, ([commit = '', name = '', email = '', subject = '', body = '']) => {
    if (!/^[0-9a-f]{40,64}$/.test(commit)) throw unexpectedOutput('log');
    const { kind, breaking } = classifyCommit(subject, body);
    commits += 1;
    kinds[counters[kind]] += 1;
    if (breaking) kinds.breaking += 1;
    if (kind !== 'other' && highlights.length < mostHighlights) {
      highlights.push({ kind, subject: subject.slice(0, longestSubject), commit });
    }
    const author = authors.get(email.toLowerCase());
    if (author) author.commits += 1;
    else authors.set(email.toLowerCase(), { name, email, commits: 1 });
  });
  await history.records([...args, '--', ...paths], read);
  return { commits, authors, kinds, highlights };
}

/** Commits of the project up to `commit` by lower-case e-mail address. */
export async function commitsByEmail(
  { history, paths }: Repository,
  commit: string,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const args = [...options, '--format=%ae', '--end-of-options', commit, '--', ...paths];
  await history.records(args, (email) => {
    counts.set(email.toLowerCase(), (counts.get(email.toLowerCase()) ?? 0) + 1);
  });
  return counts;
}

/** Git ends every field with the separator; a field cannot contain it. */
function inGroups(size: number, take: (fields: readonly string[]) => void): (record: string) => void {
  let fields: string[] = [];
  return (record) => {
    fields.push(record);
    if (fields.length < size) return;
    take(fields);
    fields = [];
  };
}
