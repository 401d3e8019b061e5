import * as z from 'zod/mini';
import { AqeError } from '../../../core/error/aqe-error.ts';
import type { Review } from '../../../core/evidence/reading.ts';
import { checkShape, objectOf } from '../shared/json.ts';
import type { Reviewed } from '../shared/review-session.ts';
import { onFirstUse, text } from '../shared/schema.ts';
import { zonedTime } from '../shared/zoned-time.ts';
import { accountSchema, ghost, isBot } from './account.ts';
import { changeNameIn, reviewNotices, verdictOf } from './words.ts';

const schemas = onFirstUse(() => {
  const pageInfo = z.nullish(
    z.object({ hasNextPage: z.nullish(z.boolean()), hasPreviousPage: z.nullish(z.boolean()) }),
  );
  /** `gh` makes plain lists of what GraphQL answers as a connection. */
  const list = <T extends z.ZodMiniType>(item: T) =>
    z.nullish(
      z.union([
        z.pipe(
          z.array(z.nullable(item)),
          z.transform((nodes) => ({ nodes, hasMore: false })),
        ),
        z.pipe(
          z.object({ nodes: z.nullish(z.array(z.nullable(item))), totalCount: z.nullish(z.number()), pageInfo }),
          z.transform(({ nodes, totalCount, pageInfo: page }) => {
            const isPart = page?.hasNextPage === true || page?.hasPreviousPage === true;
            return { nodes: nodes ?? [], hasMore: isPart || !nodes || (totalCount ?? 0) > nodes.length };
          }),
        ),
      ]),
    );
  const oid = z.nullish(z.object({ oid: text }));
  const person = z.nullish(z.object({ login: text, user: z.nullish(z.object({ login: text })) }));
  const commit = { oid: text, author: person, committer: person, authors: list(person) };
  const review = z.object({
    author: accountSchema(),
    authorAssociation: text,
    state: z.string(),
    submittedAt: text,
    commit: oid,
  });
  return z.object({
    number: z.nullish(z.int()),
    url: text,
    author: accountSchema(),
    headRefOid: text,
    state: text,
    merged: z.nullish(z.boolean()),
    mergedAt: text,
    mergeCommit: oid,
    reviews: list(review),
    latestReviews: z.optional(z.unknown()),
    latestOpinionatedReviews: list(review),
    commits: list(z.object({ ...commit, commit: z.nullish(z.object(commit)) })),
  });
});

type Pull = z.infer<ReturnType<typeof schemas>>;
type GraphReviews = NonNullable<Pull['reviews']>['nodes'];

/**
 * A pull request of the GraphQL API or of `gh pr view --json`, which says what it was asked for and nothing else.
 * @throws AqeError AQE2006 if it has only some of its reviews
 */
export function graphPull(value: unknown, file: { readonly path: string }): Reviewed {
  const pull = checkShape(file, schemas(), value);
  const named = changeNameIn(pull.url);
  const of = named ?? (pull.number == null ? null : { project: null, id: `#${pull.number}` });
  const head = headOf(pull);
  // A key that was not asked for is not there; an account that is deleted is null.
  const author = pull.author === undefined ? undefined : pull.author?.login || ghost;
  const commits = pull.commits?.nodes ?? [];
  const listed = pull.reviews ?? pull.latestOpinionatedReviews;
  if (listed?.hasMore)
    throw new AqeError('AQE2006', 'the answer has only some of the reviews: ask for all', { path: file.path });
  const notices: string[] = [];
  const reviews = listed ? reviewsIn(listed.nodes, notices) : null;
  if (!listed && pull.latestReviews !== undefined)
    notices.push('latestReviews does not say which commit was reviewed: ask for reviews');
  const change =
    author === undefined || head === undefined
      ? null
      : { author, contributors: [...new Set(commits.flatMap(makersOf))], head };
  if (change === null) notices.push(`${author === undefined ? 'author' : 'headRefOid'} is not in it: ask for it`);
  const mergedAs = pull.mergeCommit?.oid || undefined;
  const merged = pull.merged === true || Boolean(pull.mergedAt) || pull.state?.toUpperCase() === 'MERGED';
  if (merged && mergedAs === undefined) notices.push('mergeCommit is not in it: the head stands in for it');
  if (!isWhole(pull.commits)) notices.push('not all commits are listed: who made the others is not known');
  const said = (listed?.nodes ?? []).flatMap((review) =>
    review ? [{ account: review.author, state: review.state, association: review.authorAssociation ?? null }] : [],
  );
  return {
    fact: { kind: 'review', of, change, reviews },
    commit: mergedAs ?? head ?? null,
    notices: [...reviewNotices(of, said), ...notices],
  };
}

/** The last commit is the head too, if all are listed. */
function headOf({ headRefOid, commits }: Pull): string | undefined {
  if (headRefOid) return headRefOid;
  const last = isWhole(commits) ? commits?.nodes.at(-1) : undefined;
  return last?.commit?.oid || last?.oid || undefined;
}

/** `gh` lists the first hundred commits and does not say that there are more. */
function isWhole(commits: Pull['commits']): boolean {
  return !commits?.hasMore && (commits?.nodes.length ?? 0) < 100;
}

type GraphCommit = NonNullable<Pull['commits']>['nodes'][number];

function makersOf(entry: GraphCommit): readonly string[] {
  const commit = entry?.commit ?? entry;
  const people = [...(commit?.authors?.nodes ?? []), commit?.author, commit?.committer];
  return people.flatMap((person) => person?.user?.login || person?.login || []);
}

/** Null if an approval could be of any commit: older versions of `gh` do not say. */
function reviewsIn(nodes: GraphReviews, notices: string[]): readonly Review[] | null {
  const given = nodes.filter((review) => review !== null);
  const approvals = given.filter(({ state }) => verdictOf(state) === 'approved');
  if (approvals.length > 0 && given.every(({ commit }) => !commit?.oid)) {
    notices.push('the reviews do not say which commit was reviewed: ask for commit { oid }, or use a newer gh');
    return null;
  }
  return given.flatMap(({ author, state, commit, submittedAt }) => {
    if (!author?.login) return [];
    const at = zonedTime(submittedAt);
    const bot = isBot(author);
    return [{ by: author.login, verdict: verdictOf(state), commit: commit?.oid ?? '', ...(at ? { at } : {}), bot }];
  });
}

const single = 'pullRequest';
const many = ['pullRequests', 'associatedPullRequests'];

/** The pull requests in an answer of the GraphQL API; undefined if there is no place for one. */
export function pullsIn(data: unknown): readonly unknown[] | undefined {
  // The few levels above have the names of the query's author.
  let level: readonly unknown[] = [data];
  let found: unknown[] | undefined;
  for (let depth = 0; depth < 8 && level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      for (const [key, child] of Object.entries(objectOf(value))) {
        const { nodes } = objectOf(child);
        if (key === single) (found ??= []).push(child);
        else if (many.includes(key) && Array.isArray(nodes)) (found ??= []).push(...nodes);
        else if (Array.isArray(child)) next.push(...child.slice(0, 1000));
        else next.push(child);
      }
    }
    level = next.slice(0, 10_000);
  }
  return found?.filter((pull) => pull !== null && pull !== undefined);
}
