import * as z from 'zod/mini';
import type { ChangeName, Review } from '../../../core/evidence/reading.ts';
import { checkShape } from '../shared/json.ts';
import type { Reviewed } from '../shared/review-session.ts';
import { onFirstUse, text } from '../shared/schema.ts';
import { zonedTime } from '../shared/zoned-time.ts';
import { accountSchema, ghost, isBot } from './account.ts';
import { changeNameIn, reviewNotices, verdictOf } from './words.ts';

const schemas = onFirstUse(() => ({
  pull: z.object({
    number: z.int(),
    url: text,
    html_url: text,
    user: accountSchema(),
    merged: z.nullish(z.boolean()),
    merged_at: text,
    merge_commit_sha: text,
    head: z.object({ sha: z.string().check(z.minLength(1)) }),
  }),
  review: z.object({
    user: accountSchema(),
    state: z.string(),
    commit_id: text,
    submitted_at: text,
    pull_request_url: text,
    html_url: text,
    author_association: text,
  }),
}));

export type RestReview = z.infer<ReturnType<typeof schemas>['review']>;

export function restReview(value: unknown, file: { readonly path: string }): RestReview {
  return checkShape(file, schemas().review, value);
}

/** The pull request alone: the REST API lists its reviews at another address. */
export function restPull(value: unknown, file: { readonly path: string }): Reviewed {
  const pull = checkShape(file, schemas().pull, value);
  // Of an open pull request it is the commit of a trial merge.
  const merged = pull.merged === true || Boolean(pull.merged_at);
  return {
    fact: {
      kind: 'review',
      of: changeNameIn(pull.html_url) ?? changeNameIn(pull.url) ?? { project: null, id: `#${pull.number}` },
      change: { author: pull.user?.login || ghost, contributors: [], head: pull.head.sha },
      reviews: null,
    },
    commit: (merged && pull.merge_commit_sha) || pull.head.sha,
    notices: [],
  };
}

/** Lists of reviews, one for each pull request that they are of. */
export function restReviews(reviews: readonly RestReview[]): readonly Reviewed[] {
  if (reviews.length === 0)
    return [{ fact: { kind: 'review', of: null, change: null, reviews: [] }, commit: null, notices: [] }];
  const named = reviews.map((review) => ({
    review,
    of: changeNameIn(review.pull_request_url) ?? changeNameIn(review.html_url),
  }));
  const byChange = Map.groupBy(named, ({ of }) => (of ? `${of.project}${of.id}` : ''));
  return [...byChange.values()].map((group) => {
    const own = group.map(({ review }) => review);
    return reviewsOf(group[0]?.of ?? null, own);
  });
}

/** The API gives 30 reviews unless asked for up to 100. */
const pageSizes = [30, 100];

function reviewsOf(of: ChangeName | null, reviews: readonly RestReview[]): Reviewed {
  const said = reviews.map(({ user, state, author_association: association }) => ({
    account: user,
    state,
    association: association ?? null,
  }));
  const full = pageSizes.includes(reviews.length);
  return {
    fact: { kind: 'review', of, change: null, reviews: reviews.flatMap(toReview) },
    commit: null,
    notices: [
      ...reviewNotices(of, said),
      ...(full
        ? [`${reviews.length} reviews fill a page of GitHub's answers: if there are more, they are not read`]
        : []),
    ],
  };
}

function toReview({ user, state, commit_id: commit, submitted_at: submitted }: RestReview): readonly Review[] {
  if (!user?.login) return [];
  const at = zonedTime(submitted);
  return [{ by: user.login, verdict: verdictOf(state), commit: commit ?? '', ...(at ? { at } : {}), bot: isBot(user) }];
}
