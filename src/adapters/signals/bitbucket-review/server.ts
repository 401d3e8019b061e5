import * as z from 'zod/mini';
import type { Review } from '../../../core/evidence/reading.ts';
import { instantOfMilliseconds } from '../shared/epoch.ts';
import { checkShape, objectOf } from '../shared/json.ts';
import type { Reviewed } from '../shared/review-session.ts';
import { onFirstUse, text } from '../shared/schema.ts';

type Answer = Readonly<Record<string, unknown>>;

const schemas = onFirstUse(() => {
  const user = z.object({ name: z.string().check(z.minLength(1)), displayName: text, type: text });
  const participant = z.object({ user, approved: z.nullish(z.boolean()), status: text, lastReviewedCommit: text });
  const pull = z.object({
    id: z.int(),
    state: text,
    author: z.object({ user }),
    fromRef: z.object({ latestCommit: z.string().check(z.minLength(1)) }),
    toRef: z.nullish(
      z.object({
        repository: z.nullish(z.object({ slug: text, project: z.nullish(z.object({ key: text })) })),
      }),
    ),
    reviewers: z.array(participant),
    participants: z.nullish(z.array(participant)),
    properties: z.nullish(z.object({ mergeCommit: z.nullish(z.object({ id: text })) })),
  });
  const activity = z.object({
    action: z.string(),
    createdDate: z.number(),
    user,
    fromHash: text,
    previousFromHash: text,
    commit: z.nullish(z.object({ id: text })),
  });
  return { pull, activity };
});

type Schemas = ReturnType<typeof schemas>;
type User = z.infer<Schemas['activity']>['user'];

export function isServerPull(root: Answer): boolean {
  return 'latestCommit' in objectOf(root['fromRef']) && 'toRef' in root && Array.isArray(root['reviewers']);
}

const verdicts = new Map<string, Review['verdict']>([
  ['APPROVED', 'approved'],
  // "Needs work" is a review without approval.
  ['REVIEWED', 'changes-requested'],
  ['NEEDS_WORK', 'changes-requested'],
  ['UNAPPROVED', 'none'],
]);
const actions = ['OPENED', 'RESCOPED', 'COMMENTED', 'UPDATED', 'MERGED', 'DECLINED', 'REOPENED', 'DELETED'];

export function isServerActivity(root: Answer): boolean {
  const { action, createdDate } = root;
  return (
    typeof action === 'string' &&
    (actions.includes(action) || verdicts.has(action)) &&
    typeof createdDate === 'number' &&
    'name' in objectOf(root['user'])
  );
}

/** A pull request with the standing verdict of each reviewer. */
export function serverPull(value: unknown, file: { readonly path: string }): Reviewed {
  const pull = checkShape(file, schemas().pull, value);
  const head = pull.fromRef.latestCommit;
  const { slug, project } = pull.toRef?.repository ?? {};
  const people = [...pull.reviewers, ...(pull.participants ?? [])];
  const reviews = people.map(({ user, approved, status, lastReviewedCommit }): Review => {
    const verdict = status ? (verdicts.get(status) ?? 'none') : approved === true ? 'approved' : 'none';
    return reviewBy(user, verdict, lastReviewedCommit || null);
  });
  const loose = reviews.some(({ verdict, commit }) => verdict === 'approved' && commit === null);
  const merged = pull.state === 'MERGED' ? pull.properties?.mergeCommit?.id : undefined;
  return {
    fact: {
      kind: 'review',
      of: { project: project?.key && slug ? `${project.key}/${slug}`.toLowerCase() : null, id: `#${pull.id}` },
      change: { author: pull.author.user.name, contributors: [], head },
      reviews,
    },
    commit: merged || head,
    notices: loose ? ['approvals without lastReviewedCommit are taken to be of the head'] : [],
  };
}

/**
 * What people did to one pull request, latest first. Which commit was the head at each time follows from the pushes; where there
 * was none, nothing says.
 */
export function serverActivity(values: readonly unknown[], file: { readonly path: string }): readonly Reviewed[] {
  const activities = values
    .map((value) => checkShape(file, schemas().activity, value))
    .reverse()
    .toSorted((a, b) => a.createdDate - b.createdDate);
  const pushes = activities.filter(({ action }) => action === 'RESCOPED');
  let head = pushes[0]?.previousFromHash || null;
  const reviews: Review[] = [];
  for (const { action, user, createdDate, fromHash } of activities) {
    if (action === 'RESCOPED') head = fromHash || head;
    const verdict = verdicts.get(action);
    const at = instantOfMilliseconds(createdDate);
    if (verdict) reviews.push({ ...reviewBy(user, verdict, head), ...(at ? { at } : {}) });
  }
  const opened = activities.find(({ action }) => action === 'OPENED');
  const merged = activities.findLast(({ action }) => action === 'MERGED')?.commit?.id;
  const change = opened && head ? { author: opened.user.name, contributors: [], head } : null;
  return [{ fact: { kind: 'review', of: null, change, reviews }, commit: change && (merged || head), notices: [] }];
}

function reviewBy({ name, displayName, type }: User, verdict: Review['verdict'], commit: string | null): Review {
  return { by: name, ...(displayName ? { name: displayName } : {}), verdict, commit, bot: type === 'SERVICE' };
}
