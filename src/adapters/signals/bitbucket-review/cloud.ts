import * as z from 'zod/mini';
import type { ChangeName, Review } from '../../../core/evidence/reading.ts';
import { checkShape, objectOf } from '../shared/json.ts';
import type { Reviewed } from '../shared/review-session.ts';
import { onFirstUse, text } from '../shared/schema.ts';
import { zonedTime } from '../shared/zoned-time.ts';

type Answer = Readonly<Record<string, unknown>>;

const schemas = onFirstUse(() => {
  const user = z.nullish(z.object({ account_id: text, uuid: text, nickname: text, display_name: text, type: text }));
  const commit = z.nullish(z.object({ hash: text }));
  const verdict = z.nullish(z.object({ date: text, user }));
  const pull = z.object({
    id: z.int(),
    state: text,
    author: user,
    source: z.nullish(z.object({ commit })),
    destination: z.nullish(z.object({ repository: z.nullish(z.object({ full_name: text })) })),
    merge_commit: commit,
    participants: z.nullish(z.array(z.object({ user, approved: z.nullish(z.boolean()), state: text }))),
  });
  const link = z.nullish(z.object({ href: text }));
  const activity = z.object({
    approval: verdict,
    changes_requested: verdict,
    pull_request: z.object({ id: z.int(), links: z.nullish(z.object({ self: link, html: link })) }),
  });
  return { pull, activity };
});

type Schemas = ReturnType<typeof schemas>;
type Activity = z.infer<Schemas['activity']>;
type User = z.infer<Schemas['pull']>['author'];

export function isCloudPull(root: Answer): boolean {
  if (root['type'] === 'pullrequest') return typeof root['id'] === 'number';
  return 'source' in root && 'destination' in root && Array.isArray(root['participants']);
}

const kinds = ['approval', 'changes_requested', 'update', 'comment'];

export function isCloudActivity(root: Answer): boolean {
  return objectOf(root['pull_request'])['type'] === 'pullrequest' && kinds.some((kind) => kind in root);
}

/** A pull request with its participants; lists of pull requests leave them out. */
export function cloudPull(value: unknown, file: { readonly path: string }): Reviewed {
  const pull = checkShape(file, schemas().pull, value);
  const head = pull.source?.commit?.hash;
  const project = pull.destination?.repository?.full_name?.toLowerCase() ?? null;
  const change = head ? { author: accountOf(pull.author) ?? 'deleted', contributors: [], head } : null;
  const reviews = pull.participants?.flatMap(({ user, approved, state }) =>
    reviewBy(user, state === 'changes_requested' ? 'changes-requested' : approved === true ? 'approved' : 'none'),
  );
  const merged = pull.state?.toUpperCase() === 'MERGED' ? pull.merge_commit?.hash : undefined;
  return {
    fact: { kind: 'review', of: { project, id: `#${pull.id}` }, change, reviews: reviews ?? null },
    commit: change && (merged || change.head),
    notices: [...unbound(reviews ?? []), ...(change ? [] : [`#${pull.id} names no head: its source is gone`])],
  };
}

/** What people did, latest first; a list for each pull request. */
export function cloudActivity(values: readonly unknown[], file: { readonly path: string }): readonly Reviewed[] {
  const activities = values.map((value) => checkShape(file, schemas().activity, value)).reverse();
  const named = activities.map((activity) => ({ activity, of: nameOf(activity) }));
  return [...Map.groupBy(named, ({ of }) => `${of.project}${of.id}`).values()].map((group) => {
    const reviews = group.flatMap(({ activity: { approval, changes_requested: wanted } }) => [
      ...(approval ? reviewBy(approval.user, 'approved', zonedTime(approval.date)) : []),
      ...(wanted ? reviewBy(wanted.user, 'changes-requested', zonedTime(wanted.date)) : []),
    ]);
    const of = group[0]?.of ?? null;
    return { fact: { kind: 'review', of, change: null, reviews }, commit: null, notices: unbound(reviews) };
  });
}

function nameOf({ pull_request: { id, links } }: Activity): ChangeName {
  const address = links?.self?.href ?? links?.html?.href ?? '';
  const match = /\/([^/{}%]+\/[^/{}%]+)\/(?:pullrequests|pull-requests)\/\d+/.exec(address.slice(0, 1000));
  return { project: match?.[1]?.toLowerCase() ?? null, id: `#${id}` };
}

function accountOf(user: User): string | undefined {
  return user?.account_id || user?.uuid || user?.nickname || undefined;
}

function reviewBy(user: User, verdict: Review['verdict'], at?: string): readonly Review[] {
  const by = accountOf(user);
  if (by === undefined) return [];
  const name = user?.nickname || user?.display_name;
  // Access tokens and apps have accounts of this type.
  const bot = user?.type != null && user.type !== 'user';
  return [{ by, ...(name ? { name } : {}), verdict, commit: null, ...(at ? { at } : {}), bot }];
}

function unbound(reviews: readonly Review[]): readonly string[] {
  return reviews.some(({ verdict }) => verdict === 'approved')
    ? ['Bitbucket Cloud ties approvals to no commit: they are taken to be of the head']
    : [];
}
